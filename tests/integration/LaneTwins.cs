using System.Globalization;
using System.Text.Json;

namespace TradeProcessor.Tests.Integration;

/// <summary>
/// Two hosts with a store each, one with the lane and one without: whatever both are sent must
/// have the same answers and the same effect.
/// </summary>
internal sealed class LaneTwins : IAsyncDisposable
{
    private static readonly string[] Counters =
    [
        "trades_accepted_total", "trades_rejected_total", "trades_repeated_total",
        "requests_refused_total", "intake_ack_seconds_count",
    ];

    private readonly TemporaryDirectory[] _directories = [new(), new()];
    private HostProcess[] _hosts = [];

    public async Task StartAsync() => _hosts = await Task.WhenAll(
        HostProcess.StartAsync(_directories[0].Path, "--Intake:Lane", "true"),
        HostProcess.StartAsync(_directories[1].Path, "--Intake:Lane", "false"));

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        foreach (var directory in _directories)
            directory.Dispose();
    }

    /// <summary>Sends the same pieces to both; fails where the answers differ.</summary>
    /// <returns>Whether the answers of one were cut, so that only what came could be compared.
    /// </returns>
    public async Task<bool> AssertSameAsync(string what, params byte[][] pieces)
    {
        var exchanges = _hosts.Select(host => new RawExchange(host.Address, pieces)).ToArray();
        var answers = await RawExchange.RunAsync(exchanges);
        if (answers[0] == answers[1])
            return false;
        var (lane, plain) = (answers[0], answers[1]);
        var isCut =
            (exchanges[0].WasReset && plain.StartsWith(lane, StringComparison.Ordinal))
            || (exchanges[1].WasReset && lane.StartsWith(plain, StringComparison.Ordinal));
        Assert.True(
            isCut,
            $"{what}\n--- sent\n{RawExchange.Show(pieces)}\n--- with the lane\n{lane}\n"
            + $"--- without\n{plain}");
        return true;
    }

    /// <summary>Compares what both have counted, then what stands in their logs.</summary>
    public async Task AssertSameEffectAsync()
    {
        Assert.Equal(await CountersAsync(_hosts[1]), await CountersAsync(_hosts[0]));
        Assert.Equal(await RejectsAsync(_hosts[1]), await RejectsAsync(_hosts[0]));
        Assert.Equal(await SumsAsync(_hosts[1]), await SumsAsync(_hosts[0]));
        foreach (var host in _hosts)
        {
            Assert.DoesNotContain("unhandled", host.Output, StringComparison.OrdinalIgnoreCase);
            host.Terminate();
            Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        }
        var (lane, plain) = (StoredTrades.Read(_directories[0].Path),
            StoredTrades.Read(_directories[1].Path));
        Assert.NotEmpty(lane.Cells);
        Assert.Equal(plain.TimesByUserId, lane.TimesByUserId);
        Assert.Equal(plain.Cells, lane.Cells);
    }

    private static async Task<List<string>> CountersAsync(HostProcess host)
    {
        var text = await host.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return [.. text.Split('\n')
            .Where(line => Counters.Contains(line.Split(' ', '{')[0]))
            .Order(StringComparer.Ordinal)];
    }

    private static async Task<string> RejectsAsync(HostProcess host)
    {
        using var rejects = await JsonAsync(host, "/api/rejects?limit=1");
        return $"{rejects.RootElement.GetProperty("total")} " + string.Join(
            ", ",
            rejects.RootElement.GetProperty("byCode").EnumerateObject()
                .Select(code => $"{code.Name}: {code.Value}")
                .Order(StringComparer.Ordinal));
    }

    // By pair and country: of what is aggregated once all that was accepted is.
    private static async Task<List<string>> SumsAsync(HostProcess host)
    {
        var accepted = await host.MetricAsync("trades_accepted_total");
        var limit = DateTime.UtcNow.AddSeconds(60);
        while (await AggregatedAsync(host) < accepted && DateTime.UtcNow < limit)
            await Task.Delay(50);
        Assert.Equal(accepted, await AggregatedAsync(host));
        var day = DateTime.UtcNow.Date;
        using var answer = await JsonAsync(host, string.Create(
            CultureInfo.InvariantCulture,
            $"/api/aggregates?interval=1d&from={day.AddDays(-2):yyyy-MM-dd}T00:00:00Z"
            + $"&to={day.AddDays(2):yyyy-MM-dd}T00:00:00Z&groupBy=pair,country"));
        return [.. answer.RootElement.GetProperty("series").EnumerateArray()
            .SelectMany(series => series.GetProperty("points").EnumerateArray().Select(point =>
                $"{series.GetProperty("pair")} {series.GetProperty("country")} "
                + $"{point.GetProperty("count")} {point.GetProperty("amountSell")} "
                + $"{point.GetProperty("amountBuy")}"))
            .Order(StringComparer.Ordinal)];
    }

    private static async Task<double> AggregatedAsync(HostProcess host)
    {
        using var summary = await JsonAsync(host, "/api/summary");
        return summary.RootElement.GetProperty("aggregated").GetDouble();
    }

    private static async Task<JsonDocument> JsonAsync(HostProcess host, string path) =>
        JsonDocument.Parse(await host.Client.GetStringAsync(new Uri(path, UriKind.Relative)));
}
