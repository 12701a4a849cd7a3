using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Connections;

/// <summary>Memory of idle connections, and very many of them at once.</summary>
internal static class ConnectionsBenchmark
{
    /// <summary>One server process with 19,000 connections, beside a bare Kestrel.</summary>
    /// <param name="path">Directory for data; it is left as it was.</param>
    public static Task RunIdleAsync(string path) => InAsync(path, async directory =>
    {
        var host = Repository.BuildHost();
        var tool = Repository.BuildLoadTool();
        BenchReport.Show("idle", await new IdleMemory(tool, host, directory).MeasureAsync());
    });

    /// <summary>
    /// Needs <c>ops/tune.sh apply</c>, redis-server and the ports of <c>ops/run-many.sh</c>.
    /// </summary>
    /// <param name="path">Directory for data; it is left as it was.</param>
    /// <param name="connections">Open at once.</param>
    /// <param name="rate">POSTs a second over them.</param>
    public static Task RunAsync(string path, int connections, int rate) =>
        InAsync(path, async directory =>
        {
            _ = Repository.BuildHost();
            var crowd = new CrowdMeasure(Repository.BuildLoadTool(), directory, rate);
            if (await crowd.MeasureAsync(connections) is { } sections)
                BenchReport.Show("connections", sections);
        });

    private static async Task InAsync(string path, Func<string, Task> measure)
    {
        var directory = Directory.CreateDirectory(
            Path.Combine(Path.GetFullPath(path), $"connections-{Environment.ProcessId}"));
        try
        {
            await measure(directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
