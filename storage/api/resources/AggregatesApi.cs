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

/// <summary>GET /api/aggregates.</summary>
internal static class AggregatesApi
{
    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/aggregates", Get)
        .WithTags("Reading")
        .WithName("getAggregates")
        .WithSummary("Count, exact sums, VWAP and open, high, low, close for each interval")
        .WithDescription("Intervals without trades have no point. As CSV, one row a point. "
            + "Aggregation goes by the time of receipt.")
        .ProducesRows<AggregatesBody>()
        .ProducesProblems(400, 406, 503);

    private static Results<AggregatesAnswer, ProblemResult> Get(
        AggregateReader reader,
        TimeProvider clock,
        [Description("Length of an interval.")] string? interval = null,
        [Description("First instant, inclusive; ISO 8601, UTC without an offset. By default 15 "
            + "minutes, 24 hours, 30 days or 365 days before to, by interval.")]
        string? from = null,
        [Description("Last instant, exclusive; now by default.")] string? to = null,
        [Description("Trades of this pair only: EUR/GBP, or other for what found no cell.")]
        string? pair = null,
        [Description("Trades from this country only: ISO 3166-1 alpha-2, or other.")]
        string? country = null,
        [Description("Which dimensions are kept apart.")] string? groupBy = null)
    {
        var rules = new QueryRules();
        var resolution = rules.Interval(interval);
        var (first, last) = TimeSpanRule.Read(
            rules, resolution, from, to, clock.GetUtcNow().UtcDateTime);
        var query = new AggregateQuery(
            resolution,
            first,
            last,
            rules.Pair(pair),
            rules.Country(country),
            rules.GroupBy(groupBy));
        return rules.Problem is { } problem ? problem : new AggregatesAnswer(reader, query);
    }
}
