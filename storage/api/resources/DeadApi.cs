using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Api.Answers;
using TradeProcessor.Storage.Api.Document;
using TradeProcessor.Storage.Api.Queries;

namespace TradeProcessor.Storage.Api.Resources;

/// <summary>GET /api/dead.</summary>
internal static class DeadApi
{
    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/dead", GetAsync)
        .WithTags("Reading")
        .WithName("getDead")
        .WithSummary("Frames that could not be counted: how many, and the newest")
        .WithDescription("Their trades are in no total. The command dead replays or purges them. "
            + "As CSV, the newest alone.")
        .ProducesRows<DeadBody>()
        .ProducesProblems(400, 406, 503);

    private static async Task<Results<DeadAnswer, ProblemResult>> GetAsync(
        IDeadLetters letters,
        CancellationToken cancellation,
        [Description("Most frames of the answer.")] string? limit = null)
    {
        var rules = new QueryRules();
        var rows = rules.Limit(limit);
        if (rules.Problem is { } problem)
            return problem;
        return new DeadAnswer(await letters.ListAsync(rows, cancellation));
    }

    private sealed class DeadAnswer(DeadReport report) : Answer
    {
        protected override ValueTask WriteJsonAsync(JsonStream json)
        {
            json.Write(DeadBody.Of(report), ServingJson.Default.DeadBody);
            return ValueTask.CompletedTask;
        }

        protected override async ValueTask WriteCsvAsync(CsvStream csv)
        {
            csv.Header(
                "id", "shard", "diedAt", "receivedAt", "trades", "bytes", "attempts", "reason");
            foreach (var letter in report.Recent)
            {
                csv.Plain(letter.Id);
                csv.Whole(letter.Shard);
                csv.Instant(letter.DiedAt);
                if (letter.ReceivedAt is { } receivedAt)
                    csv.Instant(receivedAt);
                else
                    csv.Plain("");
                csv.Whole(letter.Trades);
                csv.Whole(letter.Bytes);
                csv.Whole(letter.Attempts);
                csv.Text(letter.Reason);
                await csv.EndRowAsync();
            }
        }
    }
}
