using System.Diagnostics;
using System.Net;

namespace TradeProcessor.Tests.Integration;

/// <summary>A file system of 24 MiB that runs full, and room made on it again.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public FullDiskTests() => Run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", _directory.Path);

    public void Dispose()
    {
        Run("umount", _directory.Path);
        _directory.Dispose();
    }

    [Fact]
    public async Task Post_DiskFull_Is503WithRetryAfterAndGoesOnOnceThereIsRoom()
    {
        var data = Path.Combine(_directory.Path, "data");
        var ballast = Path.Combine(_directory.Path, "ballast");
        var random = new Random(1);
        var client = new TradeClient(seed: 5);
        await using (var host = await HostProcess.StartAsync(data))
        {
            await File.WriteAllBytesAsync(
                ballast, new byte[20 << 20], TestContext.Current.CancellationToken);
            while (await client.PostAsync(host.Client, 1000, random) == HttpStatusCode.Accepted)
            {
            }
            var started = Stopwatch.StartNew();
            using var refused = await FirstRefusedAsync(host.Client, random);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.True(started.Elapsed < TimeSpan.FromSeconds(5));
            using var ready = await host.Client.GetAsync(
                new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            using var live = await host.Client.GetAsync(
                new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);

            // Ready again without a single request: a balancer sends none before.
            File.Delete(ballast);
            var limit = Stopwatch.StartNew();
            while (!await IsReadyAsync(host.Client))
                Assert.True(limit.Elapsed < TimeSpan.FromSeconds(10), "it must be ready again");
            while (await client.PostAsync(host.Client, 10, random) != HttpStatusCode.Accepted)
                Assert.True(limit.Elapsed < TimeSpan.FromSeconds(10), "it must mend itself");
            host.Kill();
            _ = await host.WaitForExitAsync(TimeSpan.FromSeconds(30));
        }
        var stored = StoredTrades.Read(data);
        Assert.Empty(client.Acknowledged.Keys.Except(stored.TimesByUserId.Keys).ToList());
        Assert.Empty(stored.TimesByUserId.Where(pair => pair.Value != 1).ToList());
        await using (var host = await HostProcess.StartAsync(data))
            await stored.AssertCountedBy(host.Client);
    }

    // What room a batch does not fit in may do for a few single trades.
    private static async Task<HttpResponseMessage> FirstRefusedAsync(
        HttpClient client, Random random)
    {
        for (var i = 0; i < 10_000; i++)
        {
            using var content = new StringContent(
                TradeClient.Trade($"single{i}", random), null, "application/json");
            var answer = await client.PostAsync(new Uri("/trades", UriKind.Relative), content);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                return answer;
            answer.Dispose();
        }
        throw new InvalidOperationException("The disk does not run full.");
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return ready.IsSuccessStatusCode;
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} needs root: run the tests as root.");
    }
}
