using TradeProcessor.Bench.Http;
using TradeProcessor.Bench.Peers;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Ndjson;

/// <summary>All that run, all that could not be had, and what ends with them.</summary>
internal sealed class Contenders : IDisposable
{
    private readonly Stack<IDisposable> _owned = new();

    /// <summary>Run takes the seconds of load.</summary>
    public List<(string Name, Func<int, Task<NdjsonBenchmark.Sample>> Run)> Running { get; } = [];

    /// <summary>Peer → why.</summary>
    public SortedDictionary<string, string> Missing { get; } = new(StringComparer.Ordinal);

    public void Add(string name, int rows, Func<int, Task<NdjsonBenchmark.Sample>> run) =>
        Running.Add(($"{name}, {rows:N0} a POST", run));

    public WrkScript Keep(WrkScript script)
    {
        _owned.Push(script);
        return script;
    }

    /// <param name="forms">What it is sent: rows of a POST, and the script.</param>
    public async Task AddPeerAsync(
        string name,
        Func<Task<Peer>> start,
        IReadOnlyList<(int Rows, WrkScript Script)> forms)
    {
        try
        {
            var peer = await start();
            _owned.Push(peer);
            foreach (var (rows, script) in forms)
            {
                Add(name, rows, seconds => NdjsonBenchmark.SendAsync(
                    peer.Insert, peer.Process, script, rows, seconds));
            }
        }
        catch (UnavailableException exception)
        {
            Missing[name] = exception.Message;
        }
    }

    public void Dispose()
    {
        while (_owned.TryPop(out var owned))
            owned.Dispose();
    }
}
