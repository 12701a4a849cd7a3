using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Connections;

/// <summary>The load tool, holding connections that each had a 202.</summary>
internal sealed class HeldConnections(ChildProcess tool, int connections) : IDisposable
{
    private const long LeastAvailable = 2L << 30;

    /// <param name="more">Further arguments of the tool.</param>
    public static HeldConnections Start(
        string tool, Uri url, int connections, TimeSpan holdFor, params string[] more) => new(
            new ChildProcess(
                "dotnet",
                [
                    tool,
                    "--url", url.OriginalString,
                    "--hold", connections.ToString(CultureInfo.InvariantCulture),
                    "--for", holdFor.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                    "--json",
                    .. more,
                ]),
            connections);

    /// <summary>Waits until all are open and answered.</summary>
    /// <param name="phase">What the tool says it does then.</param>
    /// <exception cref="InvalidOperationException">
    /// It has ended, takes too long, or the memory runs out.
    /// </exception>
    public async Task UntilAsync(string phase, TimeSpan limit)
    {
        var deadline = DateTime.UtcNow + limit;
        while (!tool.LastError.StartsWith(phase, StringComparison.Ordinal))
        {
            if (tool.HasEnded)
                throw new InvalidOperationException($"The load tool has ended: {tool.LastError}");
            if (DateTime.UtcNow > deadline)
                throw new InvalidOperationException($"Not {phase} in {limit}: {tool.LastError}");
            if (ProcessMemory.Available < LeastAvailable)
            {
                throw new InvalidOperationException(
                    $"Stopped: less than 2 GiB of memory are left at \"{tool.LastError}\".");
            }
            await Task.Delay(100);
        }
    }

    /// <summary>The tool's result, once it has closed them.</summary>
    public async Task<JsonElement> EndAsync(TimeSpan limit)
    {
        using var result = JsonDocument.Parse(await tool.EndAsync(limit));
        return result.RootElement.Clone();
    }

    /// <summary>Whether all of them were answered 202 and open to the end.</summary>
    public bool AreWhole(JsonElement result) =>
        result.GetProperty("accepted").GetInt32() == connections
        && result.GetProperty("stillOpen").GetInt32() == connections;

    public void Dispose()
    {
        // Its children end with it only where it is asked.
        if (!tool.HasEnded)
        {
            tool.Terminate();
            try
            {
                tool.EndAsync(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();
            }
            catch (TimeoutException)
            {
                // Killed then.
            }
        }
        tool.Dispose();
    }
}
