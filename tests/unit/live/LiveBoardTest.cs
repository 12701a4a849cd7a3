using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Storage.Engine.Processes;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>A board over the real store, and viewers of it.</summary>
public abstract class LiveBoardTest : IDisposable
{
    private protected static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryDirectory _directory = new();
    private readonly FileBackEnd _backEnd;
    private readonly SampleFrames _sample = new(31);
    private long _position;
    private long _total;

    protected LiveBoardTest()
    {
        var retention = new CellRetention(
            TimeSpan.FromHours(1), TimeSpan.FromHours(26), TimeSpan.FromDays(32), TimeSpan.FromDays(99));
        _backEnd = new FileBackEnd(
            new StorageOptions { Path = _directory.Path },
            retention,
            TimeProvider.System,
            NullLogger<FileBackEnd>.Instance);
        var options = new LiveOptions { ViewerQueue = 4, MaxViews = 2, CohortViewers = 3 };
        Board = new LiveBoard(
            Store, Feed, Health, metrics: null, Options.Create(options), Time);
    }

    private protected FileStore Store => _backEnd.Store;

    private protected LocalLiveFeed Feed { get; } = new();

    private protected ManualTime Time { get; } = new(DateTime.UtcNow);

    private protected LiveBoard Board { get; }

    public void Dispose()
    {
        Board.Dispose();
        _backEnd.Dispose();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Commits and rings as a worker does.</summary>
    private protected void Trade(params ReadOnlySpan<long> secondsTicks)
    {
        foreach (var start in secondsTicks)
        {
            var record = new TradeRecord(_sample.Record());
            var cell = new Cell
            {
                Key = new CellKey(record.Pair, record.Country),
                Value = Aggregate.Of(record.AmountSell, record.AmountBuy, record.Rate, start),
            };
            Store.Apply(new ShardCommit(
                ++_position,
                start,
                start,
                ++_total,
                [new IntervalCells(
                    new IntervalKey(Resolution.Second, start),
                    new[] { cell },
                    new[] { cell },
                    cell.Value,
                    IsClosing: false)],
                [new RecordBlock(start, record.Bytes.ToArray())]));
        }
        Feed.Publish(new LiveUpdate(0, secondsTicks.ToArray(), []));
    }

    private protected HealthReader Health => new(
        Store,
        new FileStoreHealth(_backEnd),
        new LocalProcessBoard(),
        new FileDeadLetters(new StorageOptions { Path = _directory.Path }, () => _backEnd),
        TimeProvider.System);

    /// <summary>The second that the board's clock shows.</summary>
    private protected long Now => Resolution.Second.StartOf(Time.GetUtcNow().UtcTicks);

    private protected static JsonElement Read(LiveMessage message) =>
        JsonDocument.Parse(message.Json).RootElement;

    private protected async Task<(JsonElement Snapshot, ConcurrentQueue<LiveMessage> Updates)> WatchAsync(
        string connection, View view = default)
    {
        var updates = new ConcurrentQueue<LiveMessage>();
        var snapshot = await Board.WatchAsync(
            connection,
            view,
            new Link(message =>
            {
                updates.Enqueue(message);
                return Task.CompletedTask;
            }),
            None);
        return (Read(snapshot!), updates);
    }

    private protected sealed class Link(Func<LiveMessage, Task> send) : IViewerLink
    {
        public bool IsCut { get; private set; }

        public ValueTask SendAsync(LiveMessage message) => new(send(message));

        public void Cut() => IsCut = true;
    }

    private protected static async Task<JsonElement> NextAsync(ConcurrentQueue<LiveMessage> updates)
    {
        LiveMessage? message;
        while (!updates.TryDequeue(out message))
            await Task.Delay(1, TestContext.Current.CancellationToken);
        return Read(message);
    }
}
