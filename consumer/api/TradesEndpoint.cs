using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Parsing;

namespace TradeProcessor.Consumer.Api;

/// <summary>
/// <c>POST /trades</c>: (1) is it a body that is taken, (2) parse and validate while it arrives,
/// (3) bring what is good into the log, (4) answer. Nothing is logged before the whole body has
/// been read, so an answer other than 202 that was not cut off means that nothing was.
/// </summary>
internal sealed class TradesEndpoint(
    TradeIntake intake,
    TradeBodyReader reader,
    KeyedTrades keyed,
    ClientShare share,
    RejectReporter rejects,
    IntakeMetrics metrics,
    IOptions<IntakeOptions> options)
{
    // A body that says that it is too large is not read: nothing of it can be shown.
    private static readonly BatchErrors TooLarge = RefusedUnread();

    private readonly long _maxBytes = options.Value.MaxBatchBytes;

    public Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (TradesMediaType.KindOf(request) is not { } kind)
        {
            context.Response.Headers.Accept = TradesMediaType.Accept;
            return TradesAnswer.UnsupportedMediaType.WriteAsync(context);
        }
        if (request.ContentLength is null
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return TradesAnswer.LengthRequired.WriteAsync(context);
        }
        if (request.ContentLength > _maxBytes)
        {
            rejects.Report(TooLarge);
            return TradesAnswer.TooLarge(options.Value).WriteAsync(context);
        }
        if (!share.Allows(context))
            return TradesAnswer.OverShare(options.Value).WriteAsync(context);
        if (!request.Headers.TryGetValue(IdempotencyKey.Header, out var header))
            return TakeAsync(context, kind);
        return IdempotencyKey.TryParse(header, out var key)
            ? keyed.TakeAsync(context, kind, key)
            : TradesAnswer.BadKey.WriteAsync(context);
    }

    private async Task TakeAsync(HttpContext context, BodyKind kind)
    {
        var submission = intake.Rent();
        try
        {
            var body = await reader.ReadAsync(context.Request.BodyReader, kind, submission.Walk);
            var started = Stopwatch.GetTimestamp();
            rejects.Report(submission.Errors);
            if (TradesAnswer.Refusal(
                body, submission.Errors, submission.Records.Count, options.Value) is { } refusal)
            {
                await refusal.WriteAsync(context);
            }
            // Waited for here and not in a method of its own: it would cost each request its
            // state machine.
            else if (await intake.SubmitAsync(submission) == LogOutcome.Logged)
            {
                metrics.Accepted(submission.Records.Count, started);
                await TradesAnswer.For(submission.Errors, body.Single).WriteAsync(context);
            }
            else
            {
                metrics.Refused();
                await TradesAnswer.Unavailable(intake.Failure).WriteAsync(context);
            }
        }
        catch (BadHttpRequestException slow)
            when (slow.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            await TradesAnswer.TooSlow.WriteAsync(context);
        }
        catch (BudgetSpentException exception)
        {
            metrics.Refused();
            await TradesAnswer.Unavailable(exception.Message).WriteAsync(context);
        }
        finally
        {
            intake.Return(submission);
        }
    }

    private static BatchErrors RefusedUnread()
    {
        var errors = new BatchErrors();
        errors.Reject(RejectCode.TooLarge, []);
        return errors;
    }
}
