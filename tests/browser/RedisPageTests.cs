using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>The page of a frontend that is a program of its own, around Redis.</summary>
public sealed class RedisPageTests(Chromium chromium)
{
    private const int Trades = 300;
    private const int Shards = 2;

    [Fact]
    public async Task Frontend_AroundRedis_ShowsWhatTheOthersDo()
    {
        await using var redis = await RedisProcess.StartAsync(RedisProcess.Durable);
        await using var storage = Start("storage/api", "TradeProcessor.Storage.Api", redis);
        await using var worker = Start("worker", "TradeProcessor.Worker", redis);
        await using var consumer = Start("consumer", "TradeProcessor.Consumer", redis);
        await using var frontend = Start("frontend", "TradeProcessor.Frontend", redis);
        foreach (var program in (ServiceProcess[])[storage, worker, consumer, frontend])
            await program.UntilReadyAsync();

        var (poster, reader) = (new Desk(consumer.Client), new Desk(storage.Client));
        await poster.PostManyAsync(Trades, invalid: 3);
        await using var page = await chromium.OpenAsync(frontend.Address);
        await reader.WaitForPageAsync(page, Trades);
        Assert.Equal(3, await page.MetricAsync("rejected"));

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Health" }).ClickAsync();
        var shards = page.Page.Locator("[data-panel=shards] tbody tr");
        await Expect(shards).ToHaveCountAsync(Shards, new() { Timeout = LivePage.LimitMs });
        await Expect(page.Page.GetByText("nobody", new() { Exact = true })).ToHaveCountAsync(0);
        var processes = page.Page.Locator("[data-panel=processes] tbody tr");
        foreach (var name in (string[])["consumer", "worker", "storage api", "frontend"])
        {
            await Expect(processes.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true }))
                .ToHaveCountAsync(1, new() { Timeout = LivePage.LimitMs });
        }

        redis.Freeze();
        await Expect(page.Body).ToHaveAttributeAsync(
            "data-state", "stale", new() { Timeout = LivePage.LimitMs });
        redis.Thaw();
        await page.WaitForStateAsync("live");
        await consumer.UntilReadyAsync();
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Overview", Exact = true })
            .ClickAsync();
        await poster.PostManyAsync(Trades);
        await reader.WaitForPageAsync(page, 2 * Trades);
        Assert.Empty(page.Problems);
    }

    private static ServiceProcess Start(string project, string assembly, RedisProcess redis) => new(
        Repository.Program(project, assembly),
        new Uri($"http://127.0.0.1:{Ports.Free()}"),
        ["--Redis:Configuration", redis.Address, "--Redis:Shards", $"{Shards}"]);
}
