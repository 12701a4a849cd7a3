using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Live;

/// <summary>What all clients together were told in the time that was measured.</summary>
/// <param name="Gaps">Updates that a client found missing.</param>
/// <param name="Ended">Clients whose connection ended.</param>
/// <param name="Seen">For each client: when, in ms since 1970, and the trades counted then.</param>
internal sealed record Told(
    long Deliveries, long Bytes, long Gaps, int Ended, double[][][] Seen);

/// <summary>Clients in Node on the generator's processor.</summary>
internal sealed class LiveClients : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly int _seconds;

    private LiveClients(
        string kind, Uri server, int count, int silent, int seconds, string? captureFile)
    {
        _seconds = seconds;
        string[] arguments =
        [
            "-c", Cores.Generator.ToString(CultureInfo.InvariantCulture), "node",
            Repository.BenchScript("live/clients.mjs"), kind, server.OriginalString.TrimEnd('/'),
            Text(count), Text(silent), Text(seconds),
            .. captureFile is null ? [] : (string[])[captureFile],
        ];
        _process = Process.Start(new ProcessStartInfo("taskset", arguments)
        {
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>
    /// Returns once all of them watch; from then on they note what they are told.
    /// </summary>
    public static async Task<LiveClients> OpenAsync(
        string kind, Uri server, int count, int silent, int seconds, string? captureFile = null)
    {
        var clients = new LiveClients(kind, server, count, silent, seconds, captureFile);
        var line = await clients._process.StandardOutput.ReadLineAsync().WaitAsync(OpenLimit);
        if (line == "ready")
            return clients;
        clients.Dispose();
        throw new InvalidOperationException($"The clients did not open: {line}");
    }

    public async Task<Told> TakeAsync()
    {
        var json = await _process.StandardOutput.ReadToEndAsync()
            .WaitAsync(TimeSpan.FromSeconds(_seconds + 60));
        return JsonSerializer.Deserialize<Told>(json, Json)!;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
