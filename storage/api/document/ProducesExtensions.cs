using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Api.Answers;

namespace TradeProcessor.Storage.Api.Document;

internal static class ProducesExtensions
{
    /// <summary>JSON, or rows as CSV.</summary>
    public static RouteHandlerBuilder ProducesRows<TBody>(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<TBody>(
            StatusCodes.Status200OK, Representations.Json, Representations.Csv);

    public static RouteHandlerBuilder ProducesProblems(
        this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<ProblemBody>(status, ProblemBody.MediaType);
        return endpoint;
    }
}
