using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

public sealed class RedisLiveFeedTests
{
    private readonly SampleFrames _sample = new(47);
    private readonly ConcurrentQueue<LiveUpdate> _heard = new();

    private static RedisLiveFeed Feed(RedisBackEnd backEnd) =>
        new(backEnd, TimeProvider.System, NullLogger<RedisLiveFeed>.Instance);

    private LiveUpdate Update(int shard, long second) => new(
        shard,
        [second, second + TimeSpan.TicksPerSecond],
        [.. Enumerable.Range(0, 50).Select(
            i => new TradeRecord(_sample.Record()).ToTrade(SampleFrames.StartTicks + i))]);

    private Task HeardAsync(Func<LiveUpdate, bool> condition, string what) =>
        Eventually.HoldsAsync(() => _heard.Any(condition), what);

    private static void AssertSame(LiveUpdate expected, LiveUpdate heard)
    {
        Assert.Equal(expected.Shard, heard.Shard);
        Assert.Equal(expected.SecondsTicks, heard.SecondsTicks);
        Assert.Equal(expected.NewestTrades, heard.NewestTrades);
    }

    [Fact]
    public void Message_AnyUpdate_ReadsAsItWasWritten()
    {
        var update = Update(3, SampleFrames.StartTicks);
        var message = LiveMessage.Read(new LiveMessage(ulong.MaxValue, 12, update).ToBytes());
        Assert.Equal((ulong.MaxValue, 12ul), (message.Publisher, message.Sequence));
        AssertSame(update, message.Update);
        var missed = LiveMessage.Read(new LiveMessage(1, 1, new LiveUpdate(0, null, [])).ToBytes());
        Assert.Null(missed.Update.SecondsTicks);
        var many = new LiveUpdate(0, [.. Enumerable.Range(0, 5000).Select(i => (long)i)], []);
        Assert.Null(LiveMessage.Read(new LiveMessage(1, 1, many).ToBytes()).Update.SecondsTicks);
        var none = new LiveUpdate(0, [], []);
        Assert.Empty(LiveMessage.Read(new LiveMessage(1, 1, none).ToBytes()).Update.SecondsTicks!);
    }

    [Fact]
    public void Message_CutOffAnywhere_IsNoUpdate()
    {
        var bytes = new LiveMessage(5, 6, Update(1, SampleFrames.StartTicks)).ToBytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            _ = Assert.Throws<InvalidDataException>(() => LiveMessage.Read(cut));
        }
        bytes[0]++;
        _ = Assert.Throws<InvalidDataException>(() => LiveMessage.Read(bytes));
    }

    [Fact]
    public void Gaps_LostAndNewPublishers_AreFound()
    {
        var gaps = new LiveGaps();
        var update = new LiveUpdate(0, [], []);
        Assert.False(gaps.IsGap(new(1, 1, update)));
        Assert.False(gaps.IsGap(new(1, 2, update)));
        Assert.True(gaps.IsGap(new(1, 4, update)));
        Assert.False(gaps.IsGap(new(1, 5, update)));
        Assert.True(gaps.IsGap(new(2, 9, update)));
        Assert.False(gaps.IsGap(new(2, 10, update)));
        Assert.False(gaps.IsGap(new(2, 1, update with { Shard = 1 })));
    }

    [Fact]
    public async Task Publish_FromAnotherProcess_IsHeardInOrder()
    {
        await using var server = await RedisServer.StartAsync();
        await using var workers = await server.OpenAsync();
        await using var frontends = await server.OpenAsync();
        await using var worker = Feed(workers);
        await using var frontend = Feed(frontends);
        using var listening = frontend.Listen(_heard.Enqueue);
        await HeardAsync(update => update.SecondsTicks is null, "the subscription stands");
        _heard.Clear();
        var sent = Enumerable.Range(0, 100).Select(i => Update(i % 2, i)).ToList();
        foreach (var update in sent)
            worker.Publish(update);
        await Eventually.HoldsAsync(() => _heard.Count >= sent.Count, "all are heard");
        // A late notice that something was lost is allowed; to hear less is not.
        var heard = _heard.Where(update => update.SecondsTicks is not null).ToList();
        Assert.Equal(sent.Count, heard.Count);
        for (var i = 0; i < sent.Count; i++)
            AssertSame(sent[i], heard[i]);
    }

    [Fact]
    public async Task Listen_DisposedAndAgain_HearsEachOnce()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        await using var feed = Feed(backEnd);
        for (var round = 0; round < 3; round++)
        {
            _heard.Clear();
            using var listening = feed.Listen(_heard.Enqueue);
            await HeardAsync(update => update.SecondsTicks is null, "the subscription stands");
            feed.Publish(Update(0, round));
            feed.Publish(Update(1, 1000));
            await HeardAsync(update => update.SecondsTicks is [1000, _], "the second is heard");
            _ = Assert.Single(_heard, update => update.SecondsTicks?[0] == round);
        }
    }

    [Fact]
    public async Task Listen_MessageThatCannotBeRead_HearsThatSomethingWasLost()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        await using var feed = Feed(backEnd);
        using var listening = feed.Listen(_heard.Enqueue);
        await HeardAsync(update => update.SecondsTicks is null, "the subscription stands");
        feed.Publish(Update(0, 1));
        await HeardAsync(update => update.SecondsTicks is [1, _], "the update is heard");
        _heard.Clear();
        await backEnd.Link.Current!.GetSubscriber()
            .PublishAsync(RedisKeys.LiveChannel, "not an update");
        await HeardAsync(update => update is { Shard: 1, SecondsTicks: null }, "the loss is heard");
    }

    [Fact]
    public async Task Listen_RedisKilledAndStartedAgain_HearsTheGapAndThenUpdates()
    {
        await using var server = await RedisServer.StartAsync();
        await using var workers = await server.OpenAsync();
        await using var frontends = await server.OpenAsync();
        await using var worker = Feed(workers);
        await using var frontend = Feed(frontends);
        using var listening = frontend.Listen(_heard.Enqueue);
        await HeardAsync(update => update.SecondsTicks is null, "the subscription stands");
        worker.Publish(Update(0, 1));
        await HeardAsync(update => update.SecondsTicks is [1, _], "the update is heard");
        _heard.Clear();

        await server.RestartAsync();
        worker.Publish(Update(0, 2));
        await HeardAsync(update => update.SecondsTicks is null, "the loss is heard");
        await Eventually.HoldsAsync(
            () =>
            {
                worker.Publish(Update(0, 3));
                return _heard.Any(update => update.SecondsTicks is [3, _]);
            },
            "updates are heard again");
    }

    [Fact]
    public async Task Listen_LinkRenewed_HearsTheGapAndThenUpdates()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        await using var feed = Feed(backEnd);
        using var listening = feed.Listen(_heard.Enqueue);
        await HeardAsync(update => update.SecondsTicks is null, "the subscription stands");
        server.Freeze();
        _ = await Assert.ThrowsAsync<LogUnavailableException>(async () =>
            await backEnd.EpochAsync(TestContext.Current.CancellationToken));
        Assert.Null(backEnd.Link.Current);
        feed.Publish(Update(0, 1));
        _heard.Clear();
        server.Thaw();
        await HeardAsync(update => update.SecondsTicks is null, "the loss is heard");
        feed.Publish(Update(0, 2));
        await HeardAsync(update => update.SecondsTicks is [2, _], "the update is heard");
        Assert.DoesNotContain(_heard, update => update.SecondsTicks is [1, _]);
    }
}
