using System.Globalization;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Http;

/// <summary>
/// What each step of the way in buys beyond the transports in "single": the same single POSTs with
/// one of them off.
/// </summary>
internal static class StepsBenchmark
{
    private const int Connections = 128;
    private const int Pipelined = 16;

    private static readonly int[] Crowds = [1, 8, 32, Connections];

    private static readonly HostVariant NotGathered =
        new("requests of a turn not gathered", "--Intake:Gather", "false");

    private static readonly HostVariant[] Steps =
    [
        HostVariant.Default,
        NotGathered,
        new("work on the thread pool, not inline", "--Connections:Inline", "false"),
    ];

    public static async Task<BenchResult> RunAsync(string path, Pace pace)
    {
        using var script = WrkScript.OfSample(path, pipeline: 1);
        return new BenchResult(
            [],
            [
                await OffAsync(path, script, pace),
                await CommitAsync(path, script, pace),
                await PinnedAsync(path, script, pace),
                await PipelinedAsync(path, pace),
            ],
            "wrk with one thread on core 1, the documentation's sample as the body, one request in "
            + "flight on a connection but in the last table, all flushed before their 202 and "
            + "compared with what was counted. Server on core 0, in the last two tables on both.");
    }

    private static async Task<Section> OffAsync(string path, WrkScript script, Pace pace)
    {
        var hosts = new List<HostServer>();
        try
        {
            foreach (var step in Steps)
                hosts.Add(await HostServer.StartAsync(path, step));
            return await MeasureAsync(
                $"{Connections} connections, one step off",
                [.. hosts.Select((host, i) => (Steps[i].Name, host, Connections))],
                script,
                pace);
        }
        finally
        {
            hosts.ForEach(host => host.Dispose());
        }
    }

    // A flush stands for all that came meanwhile: with one connection for one trade.
    private static async Task<Section> CommitAsync(string path, WrkScript script, Pace pace)
    {
        using var host = await HostServer.StartAsync(path, HostVariant.Default);
        return await MeasureAsync(
            "Group commit: the same host by connections",
            [.. Crowds.Select(count => (
                count.ToString(CultureInfo.InvariantCulture), host, count))],
            script,
            pace);
    }

    private static async Task<Section> PinnedAsync(string path, WrkScript script, Pace pace)
    {
        using var free = await HostServer.StartAsync(path, HostVariant.Default, pinned: false);
        using var pinned = await HostServer.StartAsync(path, HostVariant.Default, pinned: false);
        await LoopThreads.PinAsync(pinned.Process.Id);
        return await MeasureAsync(
            $"Host on both cores, {Connections} connections",
            [
                ("loops where the kernel puts them", free, Connections),
                ("each loop pinned to a core", pinned, Connections),
            ],
            script,
            pace);
    }

    private static async Task<Section> PipelinedAsync(string path, Pace pace)
    {
        using var script = WrkScript.OfSample(path, Pipelined);
        using var host = await HostServer.StartAsync(path, HostVariant.Default, pinned: false);
        using var other = await HostServer.StartAsync(path, NotGathered, pinned: false);
        return await MeasureAsync(
            $"Host on both cores, {Connections} connections, {Pipelined} requests in flight on each",
            [
                (HostVariant.Default.Name, host, Connections),
                (NotGathered.Name, other, Connections),
            ],
            script,
            pace,
            Pipelined);
    }

    private static async Task<Section> MeasureAsync(
        string title,
        IReadOnlyList<(string Name, HostServer Host, int Connections)> contenders,
        WrkScript script,
        Pace pace,
        int inFlight = 1)
    {
        Console.WriteLine($"  {title}");
        foreach (var (_, host, connections) in contenders)
        {
            _ = await AccountedRun.OfAsync(
                host, script, connections, inFlight, pace.WarmUpSeconds);
        }
        var samples = await Alternation.RunAsync(
            [.. contenders.Select(x => (x.Name, (Func<Task<WrkResult>>)(
                () => AccountedRun.OfAsync(
                    x.Host, script, x.Connections, inFlight, pace.Seconds))))],
            pace.Rounds,
            sample => $"{sample.PerSecond:N0} requests/s");
        return new Section(
            title,
            "requests/s",
            [.. contenders.Select((contender, i) => new Row(
                contender.Name,
                [.. samples[i].Select(x => x.PerSecond)],
                Section.Number(new Row("", [.. samples[i].Select(x => x.PerCpuSecond)]).Median),
                WrkResult.P99Of(samples[i])))],
            "per server CPU-s", "p99 ms");
    }
}
