using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;
using TradeProcessor.Tests.Unit.Api;
using Aggregate = TradeProcessor.Contracts.Aggregate;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>
/// Writes cells as a worker's commits leave them in Redis, and answers queries over the same cells
/// the plain way.
/// </summary>
internal sealed class CellWriter(RedisBackEnd backEnd, Random random)
{
    private static readonly string[] Codes = ["EUR", "GBP", "USD", "JPY", "CHF"];
    private static readonly string[] Countries = ["FR", "GB", "US", "other"];

    private readonly Dictionary<CellPlace, Dictionary<CellKey, Aggregate>> _cells = [];
    private long _position;

    public IReadOnlyDictionary<CellPlace, Dictionary<CellKey, Aggregate>> Cells => _cells;

    public static CellKey Key(Random random)
    {
        var from = random.Next(Codes.Length);
        var to = (from + 1 + random.Next(Codes.Length - 1)) % Codes.Length;
        Assert.True(CountryCode.TryParse(
            Countries[random.Next(Countries.Length)].AsSpan(), out var country));
        return country == CountryCode.Other
            ? CellKey.Other
            : new CellKey(
                new CurrencyPair(AssetCode.Parse(Codes[from]), AssetCode.Parse(Codes[to])), country);
    }

    /// <summary>One commit of one interval: some cells change; it may be closed by it.</summary>
    public async Task CommitAsync(
        int shard, IntervalKey interval, IReadOnlyList<CellKey> keys, bool close)
    {
        var place = new CellPlace(shard, interval);
        if (!_cells.TryGetValue(place, out var cells))
            _cells.Add(place, cells = []);
        foreach (var key in keys)
        {
            var value = cells.GetValueOrDefault(key);
            value.Add(
                Number(8), Number(8), Number(18), interval.StartTicks + random.Next(1_000_000));
            cells[key] = value;
        }
        var start = interval.StartTicks;
        if (close)
        {
            Cell[] all = [.. cells.Select(cell => new Cell { Key = cell.Key, Value = cell.Value })];
            _ = await WriteAsync(redis => redis.StringSetAsync(
                RedisKeys.Block(shard, interval), RedisCells.Block(start, all)));
            _ = await WriteAsync(redis => redis.KeyDeleteAsync(RedisKeys.Cells(shard, interval)));
        }
        else
        {
            foreach (var key in keys)
            {
                _ = await WriteAsync(redis => redis.HashSetAsync(
                    RedisKeys.Cells(shard, interval),
                    RedisCells.Field(key),
                    RedisCells.Value(cells[key], start)));
            }
        }
        var stamp = new IntervalStamp((ulong)random.NextInt64(), ++_position);
        _ = await WriteAsync(redis => redis.HashSetAsync(
            RedisKeys.Totals(shard, interval),
            RedisKeys.Number(interval),
            RedisCells.Total(stamp, FakeStore.Merged(cells.Values), start)));
    }

    public string Answer(AggregateQuery query) => Describe([.. _cells
        .Where(place => place.Key.Interval.Resolution == query.Resolution
            && place.Key.Interval.StartTicks >= query.FromTicks
            && place.Key.Interval.StartTicks < query.ToTicks)
        .SelectMany(place => place.Value, (place, cell) => (
            Start: place.Key.Interval.StartTicks, cell.Key, cell.Value))
        .Where(cell => (query.Pair is null || cell.Key.Pair == query.Pair)
            && (query.Country is null || cell.Key.Country == query.Country))
        .GroupBy(cell => (
            Pair: query.GroupBy.HasFlag(Grouping.Pair) ? cell.Key.Pair : (CurrencyPair?)null,
            Country: query.GroupBy.HasFlag(Grouping.Country)
                ? cell.Key.Country
                : (CountryCode?)null))
        .OrderBy(group => group.Key.Pair?.ToString(), StringComparer.Ordinal)
        .ThenBy(group => group.Key.Country ?? default)
        .Select(group => new Series(group.Key.Pair, group.Key.Country, [.. group
            .GroupBy(cell => cell.Start, cell => cell.Value)
            .OrderBy(point => point.Key)
            .Select(point => new SeriesPoint(point.Key, FakeStore.Merged(point)))]))]);

    public static string Describe(IReadOnlyList<Series> series) => string.Join('\n', series.Select(
        one => $"{one.Pair} {one.Country}: " + string.Join(' ', one.Points.Select(point =>
            $"{point.StartTicks}={point.Value.Count},{point.Value.SellUnits},{point.Value.BuyUnits},"
            + $"{point.Value.Open},{point.Value.Close},{point.Value.High},{point.Value.Low}"))));

    private ExactDecimal Number(byte scale) =>
        new((ulong)random.NextInt64(1, 1_000_000_000_000), scale);

    private ValueTask<T> WriteAsync<T>(Func<IDatabase, Task<T>> call) =>
        backEnd.Link.CallAsync(call, TestContext.Current.CancellationToken);
}
