using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Api;

/// <summary>
/// <c>POST /trades</c> with a key: (1) parse and digest the body, (2) bring what is good into the
/// log unless the key is known, (3) answer. The answer to a repeat is not kept anywhere: the same
/// body gives the same one. What a repeat holds is not counted again.
/// </summary>
internal sealed class KeyedTrades(
    TradeIntake submissions,
    OnceIntake intake,
    TradeBodyReader reader,
    RejectReporter rejects,
    IntakeMetrics metrics,
    IOptions<IntakeOptions> options)
{
    public async Task TakeAsync(HttpContext context, BodyKind kind, RequestKey key)
    {
        using var digest = new DigestReader(context.Request.BodyReader, kind);
        var submission = submissions.Rent();
        try
        {
            var body = await reader.ReadAsync(digest, kind, submission.Walk);
            var started = Stopwatch.GetTimestamp();
            if (submission.Records.Count == 0)
                rejects.Report(submission.Errors); // no key is bound to it
            if (TradesAnswer.Refusal(
                body, submission.Errors, submission.Records.Count, options.Value) is { } refusal)
            {
                await refusal.WriteAsync(context);
                return;
            }
            if (submission.Records.Length > OnceAppend.MaxRecordBytes)
            {
                await TradesAnswer.TooLargeForKey.WriteAsync(context);
                return;
            }
            var keyed = new KeyedSubmission(submission, new BoundKey(key, digest.ToDigest()));
            var outcome = await intake.SubmitAsync(keyed);
            Count(submission, outcome, started);
            await (outcome switch
            {
                LogOutcome.Logged or LogOutcome.Repeated =>
                    TradesAnswer.For(submission.Errors, body.Single),
                LogOutcome.OtherBody => TradesAnswer.KeyReused,
                LogOutcome.InFlight => TradesAnswer.KeyInFlight,
                _ => TradesAnswer.Unavailable(intake.Failure),
            }).WriteAsync(context);
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
            submissions.Return(submission);
        }
    }

    private void Count(Submission submission, LogOutcome? outcome, long started)
    {
        switch (outcome)
        {
            case LogOutcome.Logged:
                rejects.Report(submission.Errors);
                metrics.Accepted(submission.Records.Count, started);
                break;
            case LogOutcome.Repeated:
                metrics.Repeated(submission.Records.Count);
                break;
            case LogOutcome.Unavailable:
                metrics.Refused();
                break;
            default:
                break;
        }
    }
}
