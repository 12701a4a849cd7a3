using System.Globalization;
using System.Text.Json;

namespace TradeProcessor.Tests.Integration;

/// <summary>
/// Hosts with a store each: the first one of Kestrel alone, the others with parts of the fast way in
/// place of its own. Whatever they are sent must have the same answers and the same effect.
/// </summary>
internal sealed class LaneTwins : IAsyncDisposable
{
    private static readonly string[] Counters =
    [
        "trades_accepted_total", "trades_rejected_total", "trades_repeated_total",
        "requests_refused_total", "intake_ack_seconds_count",
    ];

    private static readonly (string Name, string[] Arguments)[] All =
    [
        ("Kestrel's sockets and HTTP",
            ["--Intake:Lane", "false", "--Connections:Transport", "Sockets"]),
        ("Kestrel's HTTP over our loops", ["--Intake:Lane", "false"]),
        ("with the lane on Kestrel's sockets", ["--Connections:Transport", "Sockets"]),
        ("with the lane over epoll, nothing gathered",
            ["--Intake:Gather", "false", "--Connections:Transport", "Epoll"]),
        ("with the lane on the thread pool",
            ["--Connections:Inline", "false"]),
        ("with the lane over io_uring",
            ["--Intake:Lane", "true", "--Connections:Transport", "Uring"]),
    ];

    private readonly (string Name, string[] Arguments)[] _twins;
    private readonly TemporaryDirectory[] _directories;
    private HostProcess[] _hosts = [];

    /// <param name="sending">
    /// Kestrel's sockets give up a connection whose client has ended its side, and with it the
    /// answers; where clients do so, they are left out.
    /// </param>
    public LaneTwins(Sending sending)
    {
        _twins = [.. All.Where(twin => !sending.Ends || !twin.Arguments.Contains("Sockets"))];
        _directories = [.. _twins.Select(_ => new TemporaryDirectory())];
    }

    /// <param name="arguments">For each of them, beside its own.</param>
    public async Task StartAsync(params string[] arguments)
    {
        var starts = _twins.Select((twin, i) =>
            HostProcess.StartAsync(_directories[i].Path, [.. twin.Arguments, .. arguments])).ToList();
        try
        {
            _hosts = await Task.WhenAll(starts);
        }
        catch
        {
            // Those that did start end with the others.
            foreach (var start in starts.Where(start => start.IsCompletedSuccessfully))
                await (await start).DisposeAsync();
            throw;
        }
    }

    /// <summary>The last one goes over epoll where the system bars io_uring, and says so.</summary>
    public string Transport => _hosts[^1].Output.Contains("io_uring", StringComparison.Ordinal)
        ? "No io_uring here, so epoll is tested twice."
        : "Over epoll and io_uring.";

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        foreach (var directory in _directories)
            directory.Dispose();
    }

    /// <summary>Sends the same pieces to all; fails where the answers differ.</summary>
    /// <returns>Whether answers were cut, so that only what came could be compared.
    /// </returns>
    public async Task<bool> AssertSameAsync(string what, Sending sending, byte[][] pieces)
    {
        var (answers, exchanges) = await ExchangeAsync(sending, pieces);
        var wasCut = false;
        for (var i = 1; i < answers.Length; i++)
        {
            if (answers[i] == answers[0])
                continue;
            var (plain, lane) = (answers[0], answers[i]);
            wasCut =
                (exchanges[i].WasReset && plain.StartsWith(lane, StringComparison.Ordinal))
                || (exchanges[0].WasReset && lane.StartsWith(plain, StringComparison.Ordinal));
            Assert.True(
                wasCut,
                $"{what}\n--- sent\n{RawExchange.Show(pieces)}\n--- {_twins[i].Name}\n{lane}\n"
                + $"--- {_twins[0].Name}\n{plain}");
        }
        return wasCut;
    }

    /// <summary>Sends the same pieces to all.</summary>
    /// <returns>What the plain way answers, then what the lane does, over each transport.</returns>
    public async Task<string[]> AnswersAsync(Sending sending, params byte[][] pieces) =>
        (await ExchangeAsync(sending, pieces)).Answers;

    private async Task<(string[] Answers, RawExchange[] Exchanges)> ExchangeAsync(
        Sending sending, byte[][] pieces)
    {
        var exchanges = _hosts
            .Select(host => new RawExchange(host.Address, pieces, sending))
            .ToArray();
        return (await RawExchange.RunAsync(exchanges), exchanges);
    }

    /// <summary>Compares what all have counted, then what stands in their logs.</summary>
    public async Task AssertSameEffectAsync()
    {
        foreach (var lane in _hosts.Skip(1))
        {
            Assert.Equal(await CountersAsync(_hosts[0]), await CountersAsync(lane));
            Assert.Equal(await RejectsAsync(_hosts[0]), await RejectsAsync(lane));
            Assert.Equal(await SumsAsync(_hosts[0]), await SumsAsync(lane));
        }
        foreach (var host in _hosts)
        {
            Assert.DoesNotContain("unhandled", host.Output, StringComparison.OrdinalIgnoreCase);
            host.Terminate();
            Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        }
        var stored = _directories.Select(directory => StoredTrades.Read(directory.Path)).ToArray();
        Assert.NotEmpty(stored[0].Cells);
        foreach (var lane in stored.Skip(1))
        {
            Assert.Equal(stored[0].TimesByUserId, lane.TimesByUserId);
            Assert.Equal(stored[0].Cells, lane.Cells);
        }
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
