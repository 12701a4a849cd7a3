using System.Net;
using TradeProcessor.Tests.Faults.Accounting;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>The disk of Redis runs full, and room is made on it again.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int LittleRoom = 256 * 1024;

    [Theory]
    [InlineData("everysec")] // it refuses writes until there is room
    [InlineData("always")] // it ends; whoever looks after it starts it again
    public async Task DiskFull_TradesAreRefused_AndTakenAgainOnceThereIsRoom(string flushing)
    {
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed} appendfsync {flushing}");
        using var disk = new SmallDisk(mebibytes: 32);
        await using var cluster = await Cluster.StartAsync(new ClusterSettings
        {
            RedisDirectory = disk.Path,
            Redis = ["--appendonly", "yes", "--appendfsync", flushing],
        });
        var consumer = cluster.Consumers[0];
        var (book, journal) = (new PageBook(), new Journal());
        await using (var load = new Load(Lane.Mixed, seed, [consumer.Address], book, journal))
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            disk.FillUpTo(LittleRoom);
            await Eventually.TrueAsync("trades are refused", TimeSpan.FromSeconds(60), () =>
                Task.FromResult(journal.Answers.Any(
                    answer => answer.Status == HttpStatusCode.ServiceUnavailable)));
            Assert.All(
                journal.Answers.Where(x => x.Status == HttpStatusCode.ServiceUnavailable),
                answer => Assert.True(answer.HasRetryAfter));
            await Eventually.TrueAsync("it is not ready", TimeSpan.FromSeconds(10), async () =>
                !await consumer.Process.IsReadyAsync());
            Assert.True(await consumer.Process.IsLiveAsync());

            var room = DateTime.UtcNow;
            disk.MakeRoom();
            if (flushing == "always")
                await cluster.Redis.StartAgainAsync();
            var took = await Eventually.TrueAsync("it is ready", TimeSpan.FromSeconds(20), () =>
                consumer.Process.IsReadyAsync());
            output.WriteLine($"ready again after {took.TotalSeconds:0.0} s");
            await Eventually.TrueAsync("a trade is taken", TimeSpan.FromSeconds(10), () =>
                Task.FromResult(journal.Answers.Any(
                    answer => answer.At > room && answer.Status == HttpStatusCode.Accepted)));
        }
        await Accounts.AssertAsync(cluster, book, journal, output);
    }
}
