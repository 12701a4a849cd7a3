using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Api;

/// <summary>
/// <c>POST /trades</c>: (1) is it a body that is taken, (2) parse and validate while it arrives,
/// (3) bring what is good into the log, (4) answer. Nothing is logged before the whole body has
/// been read, so an answer other than 202 that was not cut off means that nothing was.
/// </summary>
internal sealed class TradesEndpoint(
    TradeIntake intake,
    TradeBodyReader reader,
    ClientShare share,
    IRejectLog rejects,
    IntakeMetrics metrics,
    IOptions<IntakeOptions> options,
    TimeProvider time)
{
    private readonly long _maxBytes = options.Value.MaxBatchBytes;

    public Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (TradesMediaType.KindOf(request) is not { } kind)
            return TradesAnswer.UnsupportedMediaType(context);
        if (request.ContentLength is null
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return TradesAnswer.LengthRequired(context);
        }
        if (request.ContentLength > _maxBytes)
            return TradesAnswer.TooLarge(context, options.Value);
        return share.Allows(context)
            ? TakeAsync(context, kind)
            : TradesAnswer.OverShare(context, options.Value);
    }

    private async Task TakeAsync(HttpContext context, BodyKind kind)
    {
        var submission = intake.Rent();
        try
        {
            var body = await reader.ReadAsync(context.Request.BodyReader, kind, submission.Walk);
            var started = Stopwatch.GetTimestamp();
            if (submission.Errors.Rejected > 0)
                Report(submission.Errors);
            if (body.Status == BodyStatus.Malformed)
            {
                await TradesAnswer.MalformedAsync(context, body);
            }
            else if (body.Status == BodyStatus.TooLarge)
            {
                await TradesAnswer.TooLarge(context, options.Value);
            }
            else if (submission.Records.Count == 0)
            {
                await TradesAnswer.NoneAccepted(context, submission.Errors, body.Single);
            }
            // Waited for here and not in a method of its own: it would cost each request its
            // state machine.
            else if (await intake.SubmitAsync(submission) == LogOutcome.Logged)
            {
                metrics.Accepted(submission.Records.Count, started);
                await TradesAnswer.Accepted(context, submission.Errors, body.Single);
            }
            else
            {
                metrics.Refused();
                await TradesAnswer.Unavailable(context, intake.Failure);
            }
        }
        finally
        {
            intake.Return(submission);
        }
    }

    private void Report(BatchErrors errors)
    {
        var batch = errors.ToRejects(time.GetUtcNow().UtcDateTime);
        rejects.Add(batch);
        metrics.Rejected(batch);
    }
}
