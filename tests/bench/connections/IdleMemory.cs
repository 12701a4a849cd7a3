using System.Globalization;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Connections;

/// <summary>
/// Memory of one server process for each idle connection that had a 202: what it has with 19,000 of
/// them, less what it had before, after some hundred others had come and gone.
/// </summary>
internal sealed class IdleMemory(string tool, string host, string path, int rounds)
{
    /// <summary>Below 20,000 open files of a process, with room for its own.</summary>
    public const int Connections = 19_000;

    private const int WarmUp = 500;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Longer than the kernel's memory may take to come to rest.
    private static readonly TimeSpan HoldFor = TimeSpan.FromSeconds(8);

    /// <summary>A, B, B, A, …: a drift of the machine falls on all alike.</summary>
    /// <returns>Bytes of each sample of the host, and all there is to show.</returns>
    public async Task<(double[] Host, Section[] Sections)> MeasureAsync()
    {
        Contender[] contenders =
        [
            // As a project of the web SDK would have it.
            new(
                "bare Kestrel, minimal API",
                [typeof(IdleMemory).Assembly.Location, BareKestrel.Name],
                [("DOTNET_gcServer", "1")]),
            new("host, as it starts", HostArguments, []),
        ];
        var samples = contenders.Select(_ => new List<Sample>()).ToArray();
        var order = Enumerable.Range(0, contenders.Length).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var i in order.Concat(order.Reverse()))
            {
                samples[i].Add(await MeasureAsync(contenders[i]));
                Console.WriteLine($"{contenders[i].Name}: {samples[i][^1].Rss:N0} B/connection");
            }
        }
        return (
            [.. samples[^1].Select(sample => sample.Rss)],
            [
                Of("Resident memory (RSS) of the server", sample => sample.Rss),
                Of("Its proportional share (PSS)", sample => sample.Pss),
                Of("Kernel, both ends (slab and socket data)", sample => sample.Kernel),
            ]);

        Section Of(string title, Func<Sample, double> value) => new(
            $"{title}, {Connections:N0} idle connections",
            "B/connection",
            [.. contenders.Select((contender, i) => new Row(
                contender.Name,
                [.. samples[i].Select(value)],
                (samples[i].Average(sample => sample.Before) / (1 << 20))
                    .ToString("F0", CultureInfo.InvariantCulture)))],
            "RSS before, MiB");
    }

    private string[] HostArguments => [host, "--Storage:Path", Path.Combine(path, "idle")];

    private async Task<Sample> MeasureAsync(Contender contender)
    {
        using var client = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{Loopback.FreePort()}"),
        };
        var url = client.BaseAddress.OriginalString;
        string[] address = contender.Arguments[^1] == BareKestrel.Name ? [url] : ["--urls", url];
        using var server = new ChildProcess(
            "env",
            [
                .. contender.Environment.Select(pair => $"{pair.Name}={pair.Value}"),
                "dotnet", .. contender.Arguments, .. address,
            ]);
        try
        {
            await Loopback.WaitUntilReadyAsync(client, server, Limit);
            using (var some = HeldConnections.Start(
                tool, client.BaseAddress, WarmUp, TimeSpan.FromMilliseconds(100)))
            {
                _ = await some.EndAsync(Limit);
            }
            var before = ProcessMemory.Of(server.Id);
            var kernelBefore = await ProcessMemory.KernelAtRestAsync();
            using var held = HeldConnections.Start(
                tool, client.BaseAddress, Connections, HoldFor);
            await held.UntilAsync("holding", Limit);
            var after = ProcessMemory.Of(server.Id);
            var kernelAfter = await ProcessMemory.KernelAtRestAsync();
            var result = await held.EndAsync(Limit);
            if (!held.AreWhole(result))
                throw new InvalidOperationException($"Not all were held: {result.GetRawText()}");
            return new Sample(
                (after.Rss - before.Rss) / (double)Connections,
                (after.Pss - before.Pss) / (double)Connections,
                (kernelAfter - kernelBefore) / (double)Connections,
                before.Rss);
        }
        finally
        {
            server.Terminate();
            _ = await server.EndAsync(Limit);
            if (Directory.Exists(Path.Combine(path, "idle")))
                Directory.Delete(Path.Combine(path, "idle"), recursive: true);
        }
    }

    private sealed record Contender(
        string Name, string[] Arguments, (string Name, string Value)[] Environment);

    private readonly record struct Sample(double Rss, double Pss, double Kernel, double Before);
}
