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
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Storage.Api.Resources;

/// <summary>GET /api/pairs and GET /api/countries.</summary>
internal static class RankingsApi
{
    private const string WindowText = "Length of the window, which ends now: a whole number and s, "
        + "m, h or d. Up to 20 minutes it is rounded to seconds, up to 24 hours to minutes, up to "
        + "31 days to hours, beyond to days.";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/pairs", PairsAsync)
            .WithTags("Reading")
            .WithName("getPairs")
            .WithSummary("Currency pairs by number of trades")
            .ProducesRows<IReadOnlyList<RankingBody>>()
            .ProducesProblems(400, 406, 503);
        api.MapGet("/countries", CountriesAsync)
            .WithTags("Reading")
            .WithName("getCountries")
            .WithSummary("Countries by number of trades")
            .WithDescription("Sums, VWAP and change of a country go over all its pairs.")
            .ProducesRows<IReadOnlyList<RankingBody>>()
            .ProducesProblems(400, 406, 503);
    }

    private static async Task<Results<RankingsAnswer, ProblemResult>> PairsAsync(
        ITradeStore store,
        TimeProvider clock,
        CancellationToken cancellation,
        [Description(WindowText)] string? window = null)
    {
        var rules = new QueryRules();
        var length = rules.Window(window);
        if (rules.Problem is { } problem)
            return problem;
        var now = clock.GetUtcNow().UtcDateTime;
        return new RankingsAnswer("pair",
            await Rankings.ByPairAsync(store, length, now, null, null, cancellation));
    }

    private static async Task<Results<RankingsAnswer, ProblemResult>> CountriesAsync(
        ITradeStore store,
        TimeProvider clock,
        CancellationToken cancellation,
        [Description(WindowText)] string? window = null)
    {
        var rules = new QueryRules();
        var length = rules.Window(window);
        if (rules.Problem is { } problem)
            return problem;
        var now = clock.GetUtcNow().UtcDateTime;
        return new RankingsAnswer("country",
            await Rankings.ByCountryAsync(store, length, now, null, null, cancellation));
    }

    private sealed class RankingsAnswer(string dimension, IReadOnlyList<Ranking> rankings) : Answer
    {
        private IEnumerable<RankingBody> Rows => rankings.Select(
            ranking => RankingBody.Of(ranking.Pair, ranking.Country, ranking.Value));

        protected override ValueTask WriteJsonAsync(JsonStream json) =>
            json.WriteArrayAsync(Rows, ServingJson.Default.RankingBody);

        protected override async ValueTask WriteCsvAsync(CsvStream csv)
        {
            csv.Header(dimension, "count", "amountSell", "amountBuy", "vwap", "change");
            foreach (var row in Rows)
            {
                csv.Plain($"{row.Pair}{row.Country}");
                csv.Whole(row.Count);
                csv.Number(row.AmountSell);
                csv.Number(row.AmountBuy);
                csv.Number(row.Vwap);
                csv.Number(row.Change);
                await csv.EndRowAsync();
            }
        }
    }
}
