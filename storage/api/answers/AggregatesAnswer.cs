using Microsoft.AspNetCore.Http;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Api.Queries;

namespace TradeProcessor.Storage.Api.Answers;

/// <summary>Series, read and written one request at a time out of a few.</summary>
internal sealed class AggregatesAnswer(AggregateReader reader, AggregateQuery query) : Answer
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private IReadOnlyList<Series> _series = [];

    protected override async Task ExecuteAsync(HttpContext context, Representation representation)
    {
        if (!await reader.Turns.WaitAsync(LongestWait, context.RequestAborted))
        {
            await new ProblemResult(ProblemBody.ForStatus(
                    StatusCodes.Status503ServiceUnavailable, "Too many series are read just now."))
            { RetryAfterSeconds = 1 }.ExecuteAsync(context);
            return;
        }
        try
        {
            await ReadAndWriteAsync(context, representation);
        }
        finally
        {
            reader.Turns.Release();
        }
    }

    protected override async ValueTask WriteJsonAsync(JsonStream json)
    {
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("interval"u8, query.Resolution.Name);
        writer.WriteString("from"u8, new DateTime(query.FromTicks, DateTimeKind.Utc));
        writer.WriteString("to"u8, new DateTime(query.ToTicks, DateTimeKind.Utc));
        writer.WriteStartArray("series"u8);
        foreach (var (pair, country, points) in _series)
        {
            writer.WriteStartObject();
            if (pair is not null)
                writer.WriteString("pair"u8, pair.ToString());
            if (country is not null)
                writer.WriteString("country"u8, country.ToString());
            writer.WritePropertyName("points"u8);
            await json.WriteArrayAsync(
                points.Select(point => PointBody.Of(point)), ServingJson.Default.PointBody);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    protected override async ValueTask WriteCsvAsync(CsvStream csv)
    {
        var hasPair = query.GroupBy.HasFlag(Grouping.Pair);
        var hasCountry = query.GroupBy.HasFlag(Grouping.Country);
        if (hasPair)
            csv.Plain("pair");
        if (hasCountry)
            csv.Plain("country");
        csv.Header(
            "start", "count", "amountSell", "amountBuy", "vwap", "open", "high", "low", "close");
        foreach (var (pair, country, points) in _series)
        {
            foreach (var point in points)
            {
                if (hasPair)
                    csv.Plain($"{pair}");
                if (hasCountry)
                    csv.Plain($"{country}");
                Write(csv, PointBody.Of(point));
                await csv.EndRowAsync();
            }
        }
    }

    private async Task ReadAndWriteAsync(HttpContext context, Representation representation)
    {
        var series = await reader.ReadAsync(query, context.RequestAborted);
        if (series is null)
        {
            await TooMany().ExecuteAsync(context);
            return;
        }
        _series = series;
        await WriteAsync(context, representation);
    }

    private static ProblemResult TooMany() => Problem.InvalidParameters(
        new Dictionary<string, string[]>
        {
            ["groupBy"] =
            [
                $"The result has more than {AggregateReader.MaxPoints} points: ask for a shorter "
                + "time, a longer interval, one pair or country, or fewer groups.",
            ],
        });

    private static void Write(CsvStream csv, in PointBody point)
    {
        csv.Instant(point.Start);
        csv.Whole(point.Count);
        csv.Number(point.AmountSell);
        csv.Number(point.AmountBuy);
        csv.Number(point.Vwap);
        csv.Number(point.Open);
        csv.Number(point.High);
        csv.Number(point.Low);
        csv.Number(point.Close);
    }
}
