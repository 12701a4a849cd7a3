using System.Diagnostics;
using System.Net;
using TradeProcessor.Tests.Faults.Accounting;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>How Redis can be away.</summary>
public enum Absence
{
    /// <summary>Nobody listens there; connections are reset.</summary>
    Refused,

    /// <summary>The network takes everything and delivers nothing.</summary>
    BlackHoled,

    /// <summary>The process stands still.</summary>
    Stopped,
}

/// <summary>Redis away for some seconds; TP_AWAY=60 for the long form.</summary>
public sealed class RedisAwayTests(ITestOutputHelper output)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    // A consumer holds what its clients wait for; the load here is far below 1 MiB.
    private const long MemoryBound = 128 << 20;

    [Theory]
    [InlineData(Absence.Refused, 1)]
    [InlineData(Absence.BlackHoled, 1)]
    [InlineData(Absence.Stopped, 1)]
    [InlineData(Absence.Refused, 3)]
    [InlineData(Absence.BlackHoled, 3)]
    [InlineData(Absence.Stopped, 3)]
    public async Task Away_EverythingSaysSoInTime_AndGoesOnAfterwards(Absence absence, int seconds)
    {
        if (seconds > 1)
            seconds = Settings.Number("TP_AWAY", seconds);
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed} {absence} for {seconds} s");
        await using var cluster = await Cluster.StartAsync(new ClusterSettings { ThroughProxy = true });
        var consumer = cluster.Consumers[0];
        var (book, journal) = (new PageBook(), new Journal());
        await using (var load = new Load(Lane.Mixed, seed, [consumer.Address], book, journal))
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            var before = cluster.Members.Sum(member => member.Process.ResidentBytes);
            var away = DateTime.UtcNow;
            Begin(absence, cluster);
            await UntilNoticedAsync(cluster);
            var absent = Stopwatch.StartNew();
            while (absent.Elapsed < TimeSpan.FromSeconds(seconds))
                await AssertSaysSoAsync(cluster);
            var grown = cluster.Members.Sum(member => member.Process.ResidentBytes) - before;
            var back = DateTime.UtcNow;
            End(absence, cluster);
            var took = await Eventually.TrueAsync(
                "a trade is taken again", TimeSpan.FromSeconds(10), () => Task.FromResult(
                    journal.Answers.Any(x => x.At > back && x.Status == HttpStatusCode.Accepted)));
            output.WriteLine(
                $"first 202 after {took.TotalSeconds:0.00} s; memory grew by {grown >> 20} MiB");
            Assert.InRange(grown, long.MinValue, MemoryBound);
            AssertAnswers(journal, away, back);
        }
        await Accounts.AssertAsync(cluster, book, journal, output);
    }

    private static void Begin(Absence absence, Cluster cluster)
    {
        switch (absence)
        {
            case Absence.Refused:
                cluster.Proxy!.Refuse();
                break;
            case Absence.BlackHoled:
                cluster.Proxy!.BlackHole();
                break;
            default:
                cluster.Redis.Freeze();
                break;
        }
    }

    private static void End(Absence absence, Cluster cluster)
    {
        if (absence == Absence.Stopped)
            cluster.Redis.Thaw();
        else
            cluster.Proxy!.Pass();
    }

    // What the store says may be a little old: the first answer may be of the time before.
    private static async Task UntilNoticedAsync(Cluster cluster) => _ = await Eventually.TrueAsync(
        "nothing is ready", TimeSpan.FromSeconds(10), async () => !(await Task.WhenAll(
            cluster.Members.Select(member => member.Process.IsReadyAsync()))).Contains(true));

    // Each in a second at most, and none of them takes part of the others down.
    private static async Task AssertSaysSoAsync(Cluster cluster)
    {
        var asked = cluster.Members.SelectMany<Member, Task>(member =>
        [
            AssertAsync(member, "/health/live", HttpStatusCode.OK),
            AssertAsync(member, "/health/ready", HttpStatusCode.ServiceUnavailable),
        ]);
        await Task.WhenAll(
            [.. asked, AssertAsync(cluster.Storage, "/api/pairs", HttpStatusCode.ServiceUnavailable)]);
    }

    private static async Task AssertAsync(Member member, string path, HttpStatusCode expected)
    {
        var started = Stopwatch.StartNew();
        using var answer = await member.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.True(
            answer.StatusCode == expected,
            $"{member.Name}{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        Assert.True(
            started.Elapsed < AnswerLimit, $"{member.Name}{path} took {started.Elapsed.TotalSeconds:0.0} s");
        if (path.StartsWith("/api", StringComparison.Ordinal))
            Assert.NotNull(answer.Headers.RetryAfter);
    }

    private static void AssertAnswers(Journal journal, DateTime away, DateTime back)
    {
        var meanwhile = journal.Answers
            .Where(answer => answer.At > away && answer.At < back - AnswerLimit / 2)
            .ToList();
        Assert.All(meanwhile, answer =>
        {
            Assert.InRange(answer.Took, TimeSpan.Zero, AnswerLimit);
            if (answer.Status != HttpStatusCode.Conflict)
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.True(answer.HasRetryAfter);
        });
        Assert.Contains(
            journal.Answers, answer => answer.At > away
                && answer.Status == HttpStatusCode.ServiceUnavailable);
    }
}
