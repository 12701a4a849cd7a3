using TradeProcessor.Tests.Faults.Accounting;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>Workers that stand still, come, and go, under load.</summary>
public sealed class WorkerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan MoveLimit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Freeze_LongerThanItsLease_MovesTheShardsAndWritesNothingAfterwards()
    {
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed}");
        await using var cluster = await Cluster.StartAsync(new ClusterSettings());
        await using var stored = await Stored.ConnectAsync(cluster.RedisForTests, cluster.Shards);
        var (book, journal) = (new PageBook(), new Journal());
        var (frozen, other) = (cluster.Workers[0], cluster.Workers[1]);
        await using (var load = new Load(
            Lane.Mixed, seed, [cluster.Consumers[0].Address], book, journal))
        {
            await UntilOwnedAsync(cluster, stored, frozen, other);
            frozen.Process.Freeze();
            var moved = await UntilOwnedAsync(cluster, stored, other);
            output.WriteLine($"the shards moved after {moved.TotalSeconds:0.0} s");
            Assert.InRange(moved, TimeSpan.FromSeconds(0.5), MoveLimit);
            frozen.Process.Thaw();
            // It takes its share again, with leases of its own.
            await UntilOwnedAsync(cluster, stored, frozen, other);
        }
        await Accounts.AssertAsync(cluster, book, journal, output);
        Assert.True(frozen.IsRunning, frozen.Process.Output);
    }

    [Fact]
    public async Task Workers_ComeAndGo_OneToTwoToFourToOne_CountEachTradeOnce()
    {
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed}");
        await using var cluster = await Cluster.StartAsync(new ClusterSettings { Workers = 1 });
        await using var stored = await Stored.ConnectAsync(cluster.RedisForTests, cluster.Shards);
        var (book, journal) = (new PageBook(), new Journal());
        await using (var load = new Load(
            Lane.Mixed, seed, [cluster.Consumers[0].Address], book, journal))
        {
            await UntilOwnedAsync(cluster, stored, cluster.Workers[0]);
            foreach (var size in (int[])[2, 4])
            {
                while (cluster.Workers.Count < size)
                    await cluster.AddWorker().StartAsync();
                var took = await UntilOwnedAsync(cluster, stored, [.. cluster.Workers]);
                output.WriteLine($"{size} workers share the shards after {took.TotalSeconds:0.0} s");
            }
            // One is told to go, one dies, one goes with the last: the first has all again.
            await cluster.Workers[3].StopAsync();
            await cluster.Workers[2].KillAsync();
            await cluster.Workers[1].StopAsync();
            var back = await UntilOwnedAsync(cluster, stored, cluster.Workers[0]);
            output.WriteLine($"one worker has all of them after {back.TotalSeconds:0.0} s");
        }
        await Accounts.AssertAsync(cluster, book, journal, output);
    }

    [Fact]
    public async Task NoWorker_WhatWaitsInTheLog_SettlesTheAccounts()
    {
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed}");
        await using var cluster = await Cluster.StartAsync(new ClusterSettings { Workers = 1 });
        var (book, journal) = (new PageBook(), new Journal());
        await using (var load = new Load(
            Lane.Mixed, seed, [cluster.Consumers[0].Address], book, journal))
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            await cluster.Workers[0].KillAsync();
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }
        await using (var stored = await Stored.ConnectAsync(cluster.RedisForTests, cluster.Shards))
        {
            var all = await StorageApi.CellsAsync(cluster.Storage.Client);
            var pending = await stored.PendingAsync();
            Assert.NotEmpty(pending);
            foreach (var (key, sums) in pending)
                all[key] = all.GetValueOrDefault(key) + sums;
            Accounts.AssertSettled(all, book);
        }
        await cluster.Workers[0].StartAsync();
        await Accounts.AssertAsync(cluster, book, journal, output);
    }

    /// <summary>Waits until the shards belong to these workers, each of which has some.</summary>
    private static Task<TimeSpan> UntilOwnedAsync(
        Cluster cluster, Stored stored, params Member[] workers) => Eventually.TrueAsync(
        $"the shards belong to {string.Join(", ", workers.Select(worker => worker.Name))}",
        MoveLimit,
        async () =>
        {
            var owners = await Task.WhenAll(
                Enumerable.Range(0, cluster.Shards).Select(stored.OwnerAsync));
            var owned = workers.Select(worker => owners.Count(owner => IsOf(worker, owner))).ToList();
            return owned.Sum() == cluster.Shards && owned.All(count => count > 0);
        });

    // host/pid/random:token
    private static bool IsOf(Member worker, string? owner) =>
        owner?.Contains($"/{worker.Process.Id}/", StringComparison.Ordinal) == true;
}
