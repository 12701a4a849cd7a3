using System.Diagnostics;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults.Accounting;

/// <summary>
/// Compares what clients were told with what is stored: once nothing waits to be counted, each cell
/// is settled against the one <see cref="Page"/> that posted to it. See there for what that decides.
/// </summary>
internal static class Accounts
{
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(10);

    /// <summary>Waits until all is counted, then settles the accounts to the last digit.</summary>
    /// <param name="dead">What was put into the log and cannot be counted; else nothing.</param>
    public static async Task AssertAsync(
        Cluster cluster,
        PageBook book,
        Journal journal,
        ITestOutputHelper output,
        IEnumerable<DeadBytes>? dead = null)
    {
        await using var stored = await Stored.ConnectAsync(cluster.RedisForTests, cluster.Shards);
        await UntilCountedAsync(stored, cluster);
        await Eventually.TrueAsync("all programs are ready", ReadyLimit, cluster.IsReadyAsync);
        var cells = await StorageApi.CellsAsync(cluster.Storage.Client);
        var counted = cells.Values.Aggregate(default(TradeSums), (left, right) => left + right);
        output.WriteLine(
            $"answers {journal}; acknowledged {journal.AcknowledgedTrades}, stored {counted.Count}, "
            + $"unknown {book.Pages.Sum(page => page.Unknown)} on {book.Pages.Count} pages");
        Assert.True(journal.Faults.Count == 0, string.Join('\n', journal.Faults));
        Assert.Equal((dead ?? []).Order(), (await stored.DeadAsync()).Order());
        AssertSettled(cells, book);
        Assert.Equal(counted.Count, await StorageApi.AggregatedAsync(cluster.Storage.Client));
    }

    /// <summary>acknowledged ⊆ stored ⊆ sent, each once, for each cell.</summary>
    public static void AssertSettled(
        Dictionary<(string Pair, string Country), TradeSums> stored, PageBook book)
    {
        var pages = book.Pages.ToDictionary(page => (page.Pair, page.Country));
        Assert.Equal([], stored.Keys.Where(key => !pages.ContainsKey(key)));
        var wrong = pages.Values
            .Where(page => page.Settle(stored.GetValueOrDefault((page.Pair, page.Country))) is null)
            .Select(page => Describe(page, stored.GetValueOrDefault((page.Pair, page.Country))))
            .ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string Describe(Page page, TradeSums stored) =>
        $"{page.Pair} {page.Country}: stored {stored.Count}, acknowledged {page.Acknowledged.Count}, "
        + $"unknown {page.Unknown}; difference of sums {stored - page.Acknowledged}";

    private static async Task UntilCountedAsync(Stored stored, Cluster cluster)
    {
        var started = Stopwatch.StartNew();
        while (await stored.PendingFramesAsync() is > 0 and var frames)
        {
            Assert.True(
                started.Elapsed < CountLimit,
                $"{frames} frames still wait to be counted: "
                + string.Concat(cluster.Workers.Select(worker => worker.Process.Output)));
            await Task.Delay(50);
        }
    }
}
