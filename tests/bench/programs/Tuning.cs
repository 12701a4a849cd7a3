using System.Globalization;

namespace TradeProcessor.Bench.Programs;

/// <summary>
/// The kernel's settings of <c>ops/tune.sh</c> for a run; what they were before is set again.
/// </summary>
internal sealed class Tuning : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _state;
    private readonly string _connections;

    private Tuning(TemporaryDirectory state, int connections)
    {
        _state = state;
        _connections = connections.ToString(CultureInfo.InvariantCulture);
    }

    /// <exception cref="UnavailableException">It needs root.</exception>
    public static async Task<Tuning> ApplyAsync(string path, int connections)
    {
        var tuning = new Tuning(new TemporaryDirectory(path, "tune"), connections);
        try
        {
            await tuning.RunAsync("apply");
            return tuning;
        }
        catch
        {
            tuning._state.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("revert");
        _state.Dispose();
    }

    private async Task RunAsync(string command)
    {
        using var script = new ChildProcess(
            "env",
            $"CONNECTIONS={_connections}", $"STATE={_state.Path}",
            "bash", Repository.Script("tune.sh"), command);
        _ = await script.EndAsync(Limit);
        if (script.ExitCode != 0)
            throw new UnavailableException($"ops/tune.sh {command}: {script.LastError}");
    }
}
