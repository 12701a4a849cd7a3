using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Connections;

/// <summary>
/// Memory of an idle connection beside a bare Kestrel, then very many connections at once. The
/// second needs <c>ops/tune.sh apply</c>, redis-server and the ports of <c>ops/run-many.sh</c>.
/// </summary>
internal static class ConnectionsBenchmark
{
    /// <param name="path">Directory for data; it is left as it was.</param>
    /// <param name="connections">At once in the second part; 0 leaves it out.</param>
    public static async Task RunAsync(string path, int connections)
    {
        var host = Repository.BuildHost();
        var tool = Repository.BuildLoadTool();
        var directory = Directory.CreateDirectory(
            Path.Combine(Path.GetFullPath(path), $"connections-{Environment.ProcessId}"));
        try
        {
            var idle = new IdleMemory(tool, host, directory.FullName);
            var sections = await idle.MeasureAsync();
            BenchReport.Show("connections", sections);
            if (connections == 0)
                return;
            var crowd = await new CrowdMeasure(tool, directory.FullName)
                .MeasureAsync(connections, idle.BytesPerConnection);
            if (crowd is not null)
                BenchReport.Show("connections", [.. sections, .. crowd]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
