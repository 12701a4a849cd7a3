using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Api.Answers;
using TradeProcessor.Storage.Api.Document;

namespace TradeProcessor.Storage.Api.Resources;

/// <summary>GET /api/summary.</summary>
internal static class SummaryApi
{
    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/summary", GetAsync)
        .WithTags("Reading")
        .WithName("getSummary")
        .WithSummary("Totals, lag and rate")
        .Produces<SummaryBody>()
        .ProducesProblems(406, 503);

    private static async Task<SummaryAnswer> GetAsync(
        ITradeStore store, CancellationToken cancellation) =>
        new(SummaryBody.Of(await store.SummaryAsync(cancellation)));

    private sealed class SummaryAnswer(SummaryBody body) : Answer(hasCsv: false)
    {
        protected override ValueTask WriteJsonAsync(JsonStream json)
        {
            json.Write(body, ServingJson.Default.SummaryBody);
            return ValueTask.CompletedTask;
        }
    }
}
