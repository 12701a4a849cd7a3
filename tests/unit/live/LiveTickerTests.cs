using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Storage.Engine.Processes;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>When updates are made, by a clock that the test moves.</summary>
public sealed class LiveTickerTests : IAsyncLifetime
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly TemporaryDirectory _directory = new();
    private readonly HandTimers _time = new();
    private readonly LocalLiveFeed _feed = new();
    private readonly FileBackEnd _backEnd;
    private readonly LiveBoard _board;
    private readonly LiveTicker _ticker;

    public LiveTickerTests()
    {
        var storage = new StorageOptions { Path = _directory.Path };
        var options = Options.Create(new LiveOptions { Tick = Tick, CohortViewers = 1 });
        var day = TimeSpan.FromDays(1);
        _backEnd = new FileBackEnd(
            storage,
            new CellRetention(day, day, day, day),
            TimeProvider.System,
            NullLogger<FileBackEnd>.Instance);
        var health = new HealthReader(
            _backEnd.Store,
            new FileStoreHealth(_backEnd),
            new LocalProcessBoard(),
            new FileDeadLetters(storage, () => _backEnd),
            TimeProvider.System);
        _board = new LiveBoard(
            _backEnd.Store, _feed, health, metrics: null, options, TimeProvider.System);
        _ticker = new LiveTicker(_board, options, _time, NullLogger<LiveTicker>.Instance);
    }

    public async ValueTask InitializeAsync() =>
        await _ticker.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _ticker.StopAsync(CancellationToken.None);
        _ticker.Dispose();
        _board.Dispose();
        _backEnd.Dispose();
        _directory.Dispose();
    }

    /// <summary>Something changes; how long the ticker waits for its tick then.</summary>
    private async Task<HandTimer> ChangeAsync()
    {
        _feed.Publish(new LiveUpdate(0, [], []));
        return await _time.NextAsync();
    }

    [Fact]
    public async Task Ticks_EachOfThemLate_StayOnTheTimetable()
    {
        var late = TimeSpan.FromMilliseconds(40);
        var timer = await ChangeAsync();
        Assert.Equal(Tick, timer.Due);
        for (var i = 0; i < 20; i++)
        {
            // From a late one to the next there is less than a tick: it is due when it was.
            _time.Advance(i == 0 ? Tick + late : Tick);
            timer.RunOut();
            timer = await ChangeAsync();
            Assert.Equal(Tick - late, timer.Due);
        }
    }

    [Fact]
    public async Task Tick_ManyTicksLate_BeginsTheTimetableAnew()
    {
        var timer = await ChangeAsync();
        _time.Advance(Tick);
        timer.RunOut();
        timer = await ChangeAsync();
        Assert.Equal(Tick, timer.Due);
        // So late that the next one is due already: that one comes at once, without a timer, and
        // those that were missed are not made up for.
        _time.Advance(10 * Tick);
        timer.RunOut();
        timer = await ChangeAsync();
        Assert.Equal(Tick, timer.Due);
    }

    [Fact]
    public async Task Ticks_OfTwoCohorts_AreHalfATickApart()
    {
        for (var viewer = 0; viewer < 2; viewer++)
            _ = await _board.WatchAsync($"{viewer}", default, new NoLink(), CancellationToken.None);
        // The ticker has begun to wait for a tick of one cohort; both take turns after it.
        var first = await ChangeAsync();
        _time.Advance(Tick);
        first.RunOut();
        for (var i = 0; i < 6; i++)
        {
            var timer = await ChangeAsync();
            Assert.Equal(Tick / 2, timer.Due);
            _time.Advance(Tick / 2);
            timer.RunOut();
        }
    }

    private sealed class NoLink : IViewerLink
    {
        public ValueTask SendAsync(LiveMessage message) => ValueTask.CompletedTask;

        public void Cut()
        {
        }
    }
}
