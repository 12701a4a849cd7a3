using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>Dead frames in Redis: seen by all, replayed once, whoever asks how often.</summary>
public sealed class DeadLetterTests
{
    private static readonly DateTime DiedAt = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<List<byte[]>> FillAsync(RedisBackEnd backEnd, int count)
    {
        var sample = new SampleFrames(17);
        var frames = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            var frame = sample.Frame(1 + i % 5, SampleFrames.StartTicks + i);
            if (i % 10 == 3)
                frame[^1] ^= 1;
            frames.Add(frame);
            var dead = new DeadFrame(
                i / backEnd.ShardCount, DiedAt.AddSeconds(i).Ticks, 5, $"reason {i} ü", frame);
            _ = await backEnd.Link.CallAsync(redis => redis.ListRightPushAsync(
                RedisKeys.Dead(i % backEnd.ShardCount), dead.ToBytes()), Cancellation);
        }
        return frames;
    }

    private static async Task<List<byte[]>> LogAsync(RedisBackEnd backEnd)
    {
        var frames = new List<byte[]>();
        for (var shard = 0; shard < backEnd.ShardCount; shard++)
        {
            var list = await backEnd.Link.CallAsync(
                redis => redis.ListRangeAsync(RedisKeys.Log(shard)), Cancellation);
            frames.AddRange(list.Select(element => (byte[])element!));
        }
        return frames;
    }

    // A frame without who sent it.
    private static string TradesOf(byte[] frame) =>
        Convert.ToHexString(frame.AsSpan(8, 16)) + Convert.ToHexString(frame.AsSpan(40));

    [Fact]
    public async Task List_OfManyFrames_CountsAllAndShowsTheNewest()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync(server.Options(3));
        var frames = await FillAsync(backEnd, 900);
        // What is no frame at all is listed too.
        var noise = new DeadFrame(7_000, DiedAt.AddHours(1).Ticks, 5, "noise", new byte[13]);
        _ = await backEnd.Link.CallAsync(
            redis => redis.ListRightPushAsync(RedisKeys.Dead(1), noise.ToBytes()), Cancellation);
        var letters = new RedisDeadLetters(backEnd, TimeProvider.System);
        var report = await letters.ListAsync(3, Cancellation);
        Assert.Equal(901, report.Total);
        Assert.Equal(Enumerable.Range(0, 900).Sum(i => 1 + i % 5), report.Trades);
        Assert.Equal(
            [
                new DeadLetter("1-7000", 1, DiedAt.AddHours(1), null, 0, 13, 5, "noise"),
                Letter(899),
                Letter(898),
            ],
            report.Recent);

        DeadLetter Letter(int i) => new(
            $"{i % 3}-{i / 3}",
            i % 3,
            DiedAt.AddSeconds(i),
            new DateTime(SampleFrames.StartTicks + i, DateTimeKind.Utc),
            1 + i % 5,
            frames[i].Length,
            5,
            $"reason {i} ü");
    }

    [Fact]
    public async Task Replay_ByTwoAtOnce_PutsEachWholeFrameBackOnce()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var frames = await FillAsync(backEnd, 60);
        var first = new RedisDeadLetters(backEnd, TimeProvider.System);
        var second = new RedisDeadLetters(backEnd, TimeProvider.System);
        var outcomes = await Task.WhenAll(
            first.ReplayAsync(null, Cancellation).AsTask(),
            second.ReplayAsync(null, Cancellation).AsTask());
        Assert.Equal(54, outcomes.Sum(outcome => outcome.Done));
        Assert.All(outcomes, outcome => Assert.Equal(6, outcome.Kept.Count));
        Assert.Equal(0, (await first.ReplayAsync(null, Cancellation)).Done);

        var log = await LogAsync(backEnd);
        Assert.Equal(
            frames.Where((_, i) => i % 10 != 3).Select(TradesOf).Order(),
            log.Select(TradesOf).Order());
        var producers = new HashSet<ulong>();
        Assert.All(log, frame =>
        {
            Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frame, out var header));
            Assert.Equal(1ul, header.ProducerSequence);
            Assert.NotEqual(0ul, header.ProducerId);
            Assert.True(producers.Add(header.ProducerId));
        });
        var left = await first.ListAsync(100, Cancellation);
        Assert.Equal(6, left.Total);
    }

    [Fact]
    public async Task ReplayAndPurge_OfOne_LeaveTheOthers()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var frames = await FillAsync(backEnd, 20);
        var letters = new RedisDeadLetters(backEnd, TimeProvider.System);
        Assert.Equal(1, (await letters.ReplayAsync("1-4", Cancellation)).Done);
        Assert.Equal(TradesOf(frames[9]), TradesOf(Assert.Single(await LogAsync(backEnd))));
        foreach (var unknown in new[] { "1-4", "1-99", "7-1", "x", "-", "1-4-5", "" })
        {
            Assert.Equal(0, (await letters.ReplayAsync(unknown, Cancellation)).Done);
            Assert.Equal(0, (await letters.PurgeAsync(unknown, Cancellation)).Done);
        }
        // Position 1 of shard 1 is damaged: it cannot be replayed, but purged.
        var kept = await letters.ReplayAsync("1-1", Cancellation);
        Assert.Equal((0, "1-1"), (kept.Done, Assert.Single(kept.Kept).Id));
        Assert.Equal(1, (await letters.PurgeAsync("1-1", Cancellation)).Done);
        Assert.Equal(18, (await letters.ListAsync(1, Cancellation)).Total);
        Assert.Equal(18, (await letters.PurgeAsync(null, Cancellation)).Done);
        Assert.Equal(0, (await letters.ListAsync(1, Cancellation)).Total);
        _ = Assert.Single(await LogAsync(backEnd));
    }

    [Fact]
    public void IsWhole_OfEveryHarmToAFrame_IsFalse()
    {
        var frame = new SampleFrames(2).Frame(3, SampleFrames.StartTicks);
        Assert.True(Dead(frame).IsWhole);
        for (var i = 0; i < frame.Length; i++)
        {
            var harmed = frame.ToArray();
            harmed[i] ^= 0x10;
            Assert.False(Dead(harmed).IsWhole);
            Assert.False(Dead(frame[..i]).IsWhole);
        }
        Assert.False(Dead([.. frame, 0]).IsWhole);
        // The checksums are right, but the records do not add up.
        foreach (var count in new[] { 0, 2 })
        {
            var sealedWrong = frame.ToArray();
            TradeFrame.Seal(sealedWrong, count, 1, 1, SampleFrames.StartTicks);
            Assert.False(Dead(sealedWrong).IsWhole);
        }
        var longRecord = frame.ToArray();
        longRecord[TradeFrame.HeaderBytes] = 255;
        TradeFrame.Seal(longRecord, 1, 1, 1, SampleFrames.StartTicks);
        Assert.False(Dead(longRecord).IsWhole);

        static DeadFrame Dead(byte[] bytes) => new(1, 1, 1, "", bytes);
    }

    [Fact]
    public void Bytes_OfADeadFrame_ReadBack()
    {
        var dead = new DeadFrame(long.MaxValue, DiedAt.Ticks, 5, new string('ü', 900), new byte[60]);
        var read = DeadFrame.TryRead(dead.ToBytes())!;
        Assert.Equal((dead.Position, dead.DiedAtTicks, 5), (
            read.Position, read.DiedAtTicks, read.Attempts));
        Assert.Equal(new string('ü', 500), read.Reason);
        Assert.Equal(60, read.Frame.Length);
        foreach (var length in new[] { 0, 1, 22, 40 })
            Assert.Null(DeadFrame.TryRead(dead.ToBytes().AsMemory(0, length)));
    }
}
