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

/// <summary>GET /api/trades.</summary>
internal static class TradesApi
{
    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/trades", GetAsync)
        .WithTags("Reading")
        .WithName("getTrades")
        .WithSummary("The newest accepted trades, newest first")
        .WithDescription("Out of a bounded ring: what is older than its oldest is not found.")
        .ProducesRows<IReadOnlyList<TradeBody>>()
        .ProducesProblems(400, 406, 503);

    private static async Task<Results<TradesAnswer, ProblemResult>> GetAsync(
        ITradeStore store,
        CancellationToken cancellation,
        [Description("Most trades of the answer.")] string? limit = null,
        [Description("Trades of this pair only.")] string? pair = null,
        [Description("Trades from this country only.")] string? country = null,
        [Description("Trades of this user only.")] string? userId = null)
    {
        var rules = new QueryRules();
        var query = new TradeQuery(
            rules.Limit(limit), rules.Pair(pair), rules.Country(country), rules.UserId(userId));
        if (rules.Problem is { } problem)
            return problem;
        return new TradesAnswer(await store.TradesAsync(query, cancellation));
    }

    private sealed class TradesAnswer(IReadOnlyList<Trade> trades) : Answer
    {
        protected override ValueTask WriteJsonAsync(JsonStream json) =>
            json.WriteArrayAsync(trades.Select(TradeBody.Of), ServingJson.Default.TradeBody);

        protected override async ValueTask WriteCsvAsync(CsvStream csv)
        {
            csv.Header(
                "receivedAt", "timePlaced", "userId", "currencyFrom", "currencyTo", "amountSell",
                "amountBuy", "rate", "originatingCountry");
            foreach (var trade in trades)
            {
                csv.Instant(trade.ReceivedAt);
                csv.Instant(trade.TimePlaced);
                csv.Text(trade.UserId);
                csv.Plain(trade.CurrencyFrom.ToString());
                csv.Plain(trade.CurrencyTo.ToString());
                csv.Number(trade.AmountSell);
                csv.Number(trade.AmountBuy);
                csv.Number(trade.Rate);
                csv.Plain(trade.OriginatingCountry.ToString());
                await csv.EndRowAsync();
            }
        }
    }
}
