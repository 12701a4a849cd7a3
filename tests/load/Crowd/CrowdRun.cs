using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TradeProcessor.Load.Http;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Crowd;

/// <summary>
/// Shares the connections out over copies of the tool, one a processor, or without rings as many as
/// the limit of open files asks for; adds up what they tell: opens, holds, then POSTs over random
/// ones.
/// </summary>
internal sealed class CrowdRun(LoadOptions options, Terminal terminal, Interrupt interrupt)
{
    /// <summary>
    /// Connections of a child without rings: below 20,000 files, with room for the runtime's own.
    /// </summary>
    public const int MostOfChild = 19_500;

    // All connections ask at once otherwise, which measures the accept queue and not the holding.
    private const int MostUnderWay = 256;

    private readonly List<CrowdMember> _members = [];

    public static bool CanHold(Target target) =>
        OperatingSystem.IsLinux()
        && target.EndPoint.AddressFamily == AddressFamily.InterNetwork;

    public async Task<int> RunAsync(Target target)
    {
        CheckSource();
        var since = Stopwatch.GetTimestamp();
        try
        {
            Start(target);
            await terminal.ShowAsync(
                "opening",
                () => (double)Counts.Begun / options.Hold,
                () => $"{Counts.Accepted:N0} accepted",
                WorkAsync(Task.WhenAll(_members.Select(member => member.Opened))));
            var openSeconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
            var postSeconds = await PostAsync();
            await HoldAsync();
            await Task.WhenAll(_members.Select(member => member.EndAsync()));
            return Report(openSeconds, postSeconds);
        }
        catch (InvalidOperationException e)
        {
            terminal.Line($"{e.Message} Its last words are above.");
            return 1;
        }
        finally
        {
            foreach (var member in _members)
                member.Dispose();
        }
    }

    private CrowdCounts Counts =>
        _members.Aggregate(default(CrowdCounts), (sum, member) => sum + member.Counts);

    private void CheckSource()
    {
        if (options.Source is { } given
            && (!IPAddress.TryParse(given, out var address)
                || address.AddressFamily != AddressFamily.InterNetwork))
        {
            throw new UsageException(
                $"--source {given}: give an address of this machine, as 127.0.0.2");
        }
    }

    private void Start(Target target)
    {
        var most = (int)Math.Min(MostOfChild, OpenFiles.MostConnections);
        var count = (options.Hold + most - 1) / most;
        if (count > Environment.ProcessorCount && RingSockets.ArePossible)
        {
            count = Environment.ProcessorCount;
            most = (options.Hold + count - 1) / count;
        }
        var first = 0;
        var source = target.IsLoopback || options.Source is not null
            ? IPAddress.Parse(options.Source ?? "127.0.0.1")
            : null;
        for (var i = 0; i < count; i++)
        {
            // As even as whole numbers allow.
            var next = (int)((long)options.Hold * (i + 1) / count);
            var part = new CrowdPart(
                // The trades of POSTs over open connections follow those of the opening.
                first + (long)(options.PostRate * options.PostSeconds * i / count),
                Math.Max(2, MostUnderWay / count));
            var from = source is null || !target.IsLoopback
                ? source
                : CrowdSources.Step(source, i * (most / CrowdSources.PerAddress + 1));
            _members.Add(new CrowdMember(Arguments(next - first, part, from)));
            first = next;
        }
    }

    private IEnumerable<string> Arguments(int hold, CrowdPart part, IPAddress? source)
    {
        string[] always =
        [
            "--url", options.Url,
            "--hold", hold.ToString(CultureInfo.InvariantCulture),
            "--hold-part", part.ToString(),
            "--seed", options.Seed.ToString(CultureInfo.InvariantCulture),
            "--timeout", options.AnswerTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ];
        return
        [
            .. always,
            .. options.Headers.SelectMany(header => (string[])["--header", header]),
            .. source is null ? (string[])[] : ["--source", source.ToString()],
        ];
    }

    // An interrupt lets what is under way be answered.
    private async Task WorkAsync(Task work)
    {
        using var stop = interrupt.Token.Register(() =>
        {
            foreach (var member in _members)
                member.Tell("stop");
        });
        await work;
    }

    /// <returns>How long it took; 0 for no POSTs.</returns>
    private async Task<double> PostAsync()
    {
        if (options.PostRate == 0 || interrupt.IsRequested)
            return 0;
        var since = Stopwatch.GetTimestamp();
        var wanted = options.PostRate * options.PostSeconds;
        var share = options.PostRate / _members.Count;
        var count = Math.Ceiling(share * options.PostSeconds);
        var command = string.Create(CultureInfo.InvariantCulture, $"post {share} {count}");
        foreach (var member in _members)
            member.Tell(command);
        await terminal.ShowAsync(
            "posting",
            () => Math.Min(1, Counts.Posts / wanted),
            () => $"{Counts.PostsAccepted:N0} accepted, {Counts.Open:N0} open",
            WorkAsync(Task.WhenAll(_members.Select(member => member.Posted))));
        return Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private async Task HoldAsync()
    {
        var since = Stopwatch.GetTimestamp();
        var holding = Task.Delay(options.HoldFor, interrupt.Token)
            .ContinueWith(_ => { }, TaskScheduler.Default);
        await terminal.ShowAsync(
            "holding",
            () => Math.Min(1, Stopwatch.GetElapsedTime(since) / options.HoldFor),
            () => $"{Counts.Open:N0} open",
            holding);
    }

    private int Report(double openSeconds, double postSeconds)
    {
        var latency = new LatencyHistogram();
        foreach (var member in _members)
            member.AddLatency(latency);
        var result = new CrowdResult(
            options.Hold, _members.Count, openSeconds, Counts, postSeconds, latency,
            interrupt.IsRequested);
        if (terminal.Json)
            Console.Out.WriteLine(result.ToJson());
        else
            terminal.Line(result.ToText());
        return result.IsGood ? 0 : 1;
    }
}
