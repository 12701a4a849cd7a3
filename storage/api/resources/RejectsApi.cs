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

/// <summary>GET /api/rejects.</summary>
internal static class RejectsApi
{
    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/rejects", GetAsync)
        .WithTags("Reading")
        .WithName("getRejects")
        .WithSummary("Refused trades: how many, why, and the newest")
        .WithDescription("As CSV, the newest alone, with errors as field:code field:code.")
        .ProducesRows<RejectsBody>()
        .ProducesProblems(400, 406, 503);

    private static async Task<Results<RejectsAnswer, ProblemResult>> GetAsync(
        ITradeStore store,
        CancellationToken cancellation,
        [Description("Most refused trades of the answer.")] string? limit = null)
    {
        var rules = new QueryRules();
        var rows = rules.Limit(limit);
        if (rules.Problem is { } problem)
            return problem;
        return new RejectsAnswer(await store.RejectsAsync(rows, cancellation));
    }

    private sealed class RejectsAnswer(RejectReport report) : Answer
    {
        protected override ValueTask WriteJsonAsync(JsonStream json)
        {
            json.Write(RejectsBody.Of(report), ServingJson.Default.RejectsBody);
            return ValueTask.CompletedTask;
        }

        protected override async ValueTask WriteCsvAsync(CsvStream csv)
        {
            csv.Header("at", "errors", "body");
            foreach (var (at, errors, body) in report.Recent)
            {
                csv.Instant(at);
                csv.Text(string.Join(' ', errors.Select(error => $"{error.Field}:{error.Code}")));
                csv.Text(body);
                await csv.EndRowAsync();
            }
        }
    }
}
