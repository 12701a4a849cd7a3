using System.Globalization;
using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;
using TradeProcessor.Storage.Engine.Redis;
using TradeProcessor.Tests.Faults.Clients;

namespace TradeProcessor.Tests.Faults.Accounting;

/// <summary>What Redis holds beside the cells, read without the programs.</summary>
internal sealed class Stored : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _redis;
    private readonly int _shards;

    private Stored(ConnectionMultiplexer redis, int shards)
    {
        _redis = redis;
        _shards = shards;
    }

    private IDatabase Database => _redis.GetDatabase();

    public static async Task<Stored> ConnectAsync(string configuration, int shards) =>
        new(await ConnectionMultiplexer.ConnectAsync(configuration), shards);

    /// <summary>Frames that wait to be counted.</summary>
    public async Task<long> PendingFramesAsync()
    {
        var lengths = Enumerable.Range(0, _shards)
            .Select(shard => Database.ListLengthAsync(RedisKeys.Log(shard)));
        return (await Task.WhenAll(lengths)).Sum();
    }

    /// <summary>What was kept aside, as it stood in the log.</summary>
    public async Task<List<DeadBytes>> DeadAsync()
    {
        var dead = new List<DeadBytes>();
        for (var shard = 0; shard < _shards; shard++)
        {
            foreach (var element in await Database.ListRangeAsync(RedisKeys.Dead(shard)))
            {
                var frame = DeadFrame.TryRead((byte[])element!);
                Assert.NotNull(frame);
                dead.Add(DeadBytes.Of(shard, frame.Frame.Span));
            }
        }
        return dead;
    }

    /// <summary>Into a shard's log, as no consumer would.</summary>
    public Task PushAsync(int shard, byte[] element) =>
        Database.ListRightPushAsync(RedisKeys.Log(shard), element);

    /// <summary>Who owns a shard, as the lease says; null where nobody does.</summary>
    public async Task<string?> OwnerAsync(int shard) =>
        await Database.StringGetAsync(RedisKeys.Lease(shard));

    /// <summary>
    /// Trades that a worker will still count: those of frames above their producer's mark, each
    /// frame once. Only to be asked while no worker runs.
    /// </summary>
    public async Task<Dictionary<(string Pair, string Country), TradeSums>> PendingAsync()
    {
        var pending = new Dictionary<(string, string), TradeSums>();
        for (var shard = 0; shard < _shards; shard++)
        {
            var marks = (await Database.HashGetAllAsync(RedisKeys.Marks(shard)))
                .ToDictionary(mark => ProducerOf(mark.Name), mark => SequenceOf(mark.Value));
            foreach (var element in await Database.ListRangeAsync(RedisKeys.Log(shard)))
                AddFrame(pending, marks, (byte[])element!);
        }
        return pending;
    }

    public ValueTask DisposeAsync()
    {
        _redis.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void AddFrame(
        Dictionary<(string, string), TradeSums> pending, Dictionary<ulong, ulong> marks, byte[] frame)
    {
        Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frame, out var header));
        if (header.ProducerId != 0)
        {
            if (header.ProducerSequence <= marks.GetValueOrDefault(header.ProducerId))
                return;
            marks[header.ProducerId] = header.ProducerSequence;
        }
        foreach (var record in TradeFrame.Records(frame, header))
        {
            var key = (record.Pair.ToString(), record.Country.ToString());
            pending[key] = pending.GetValueOrDefault(key)
                + new TradeSums(1, record.AmountSell.ToUnits(), record.AmountBuy.ToUnits());
        }
    }

    // 16 hex digits → decimal sequence, a blank, and when it was seen.
    private static ulong ProducerOf(string? field) =>
        ulong.Parse(field!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static ulong SequenceOf(string? value) =>
        ulong.Parse(value!.Split(' ')[0], CultureInfo.InvariantCulture);
}
