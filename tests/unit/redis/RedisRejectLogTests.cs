using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

public sealed class RedisRejectLogTests
{
    private static readonly DateTime At = new(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static RejectBatch Batch(int number) => new(
        3,
        [new("required", 2), new("bad_time", 1)],
        [new Reject(
            At.AddSeconds(number), [new FieldError("rate", "required")], $"{{\"é\": {number}}}")]);

    private static RedisRejectLog Log(RedisBackEnd backEnd) =>
        new(backEnd, TimeProvider.System, NullLogger<RedisRejectLog>.Instance);

    private static ValueTask<RejectReport> ReadAsync(RedisBackEnd backEnd, int limit) =>
        RedisRejects.ReadAsync(backEnd.Link, limit, Cancellation);

    [Fact]
    public async Task Add_FromTwoConsumers_CountsAllAndKeepsTheNewest()
    {
        await using var server = await RedisServer.StartAsync();
        var options = server.Options();
        options.RecentRejects = 10;
        await using var backEnd = await server.OpenAsync(options);
        using var first = Log(backEnd);
        using var second = Log(backEnd);
        await first.StartAsync(Cancellation);
        await second.StartAsync(Cancellation);
        for (var i = 0; i < 25; i++)
            first.Add(Batch(i));
        await first.StopAsync(Cancellation);
        for (var i = 25; i < 30; i++)
            second.Add(Batch(i));
        await second.StopAsync(Cancellation);

        var report = await ReadAsync(backEnd, 100);
        Assert.Equal(90, report.Total);
        Assert.Equal(90, await RedisRejects.TotalAsync(backEnd.Link, Cancellation));
        Assert.Equal(
            [new("bad_time", 30), new("required", 60)],
            report.ByCode.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(
            Enumerable.Range(20, 10).Reverse().Select(i => $"{{\"é\": {i}}}"),
            report.Recent.Select(reject => reject.Body));
        Assert.Equal(At.AddSeconds(29), report.Recent[0].At);
        Assert.Equal(DateTimeKind.Utc, report.Recent[0].At.Kind);
        Assert.Equal([new FieldError("rate", "required")], report.Recent[0].Errors);
        Assert.Equal(4, (await ReadAsync(backEnd, 4)).Recent.Count);
        Assert.Empty((await ReadAsync(backEnd, 0)).Recent);
    }

    [Fact]
    public async Task Read_NothingRefused_IsEmpty()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var report = await ReadAsync(backEnd, 10);
        Assert.Equal(0, report.Total);
        Assert.Empty(report.ByCode);
        Assert.Empty(report.Recent);
        Assert.Equal(0, await RedisRejects.TotalAsync(backEnd.Link, Cancellation));
    }

    [Fact]
    public async Task Add_SameBatchTwice_CountsOnce()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        foreach (var sequence in new[] { 1, 1, 2, 1 })
        {
            await RedisRejects.AddAsync(
                backEnd.Link, 7, sequence, Batch(sequence), 10, Cancellation);
        }
        var report = await ReadAsync(backEnd, 10);
        Assert.Equal(6, report.Total);
        Assert.Equal(2, report.Recent.Count);
    }

    [Fact]
    public async Task Add_RedisFrozen_CountsEachOnce()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        using var log = Log(backEnd);
        await log.StartAsync(Cancellation);
        var added = 0;
        for (var round = 0; round < 3; round++)
        {
            log.Add(Batch(added++));
            server.Freeze();
            // The flush that is under way ends with an unknown outcome.
            await Eventually.HoldsAsync(
                () =>
                {
                    log.Add(Batch(added++));
                    return backEnd.Link.Current is null;
                },
                "the link is given up");
            server.Thaw();
            await Eventually.HoldsAsync(() => backEnd.Link.Current is not null, "the link is back");
        }
        await log.StopAsync(Cancellation);
        var report = await ReadAsync(backEnd, 10_000);
        Assert.Equal(3L * added, report.Total);
        Assert.Equal(2L * added, report.ByCode["required"]);
        Assert.Equal(
            Enumerable.Range(0, added).Reverse().Take(report.Recent.Count)
                .Select(i => $"{{\"é\": {i}}}"),
            report.Recent.Select(reject => reject.Body));
    }
}
