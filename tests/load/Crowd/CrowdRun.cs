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
            since = Stopwatch.GetTimestamp();
            var rounds = await PostAsync();
            var postSeconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
            await HoldAsync();
            await Task.WhenAll(_members.Select(member => member.EndAsync()));
            return Report(new CrowdResult(
                options.Hold, _members.Count, openSeconds, Counts, postSeconds, rounds,
                interrupt.IsRequested));
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

    private double AllPosts => options.PostRate * options.PostSeconds * options.PostRounds;

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
                first + (long)(AllPosts * i / count),
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

    /// <returns>The latencies of each round.</returns>
    private async Task<IReadOnlyList<LatencyHistogram>> PostAsync()
    {
        var rounds = new List<LatencyHistogram>();
        if (options.PostRate > 0 && !interrupt.IsRequested)
        {
            await terminal.ShowAsync(
                "posting",
                () => Math.Min(1, Counts.Posts / AllPosts),
                () => $"{Counts.PostsAccepted:N0} accepted, {Counts.Open:N0} open",
                WorkAsync(AddRoundsAsync(rounds)));
        }
        return rounds;
    }

    private async Task AddRoundsAsync(List<LatencyHistogram> rounds)
    {
        var share = options.PostRate / _members.Count;
        var count = Math.Ceiling(share * options.PostSeconds);
        while (rounds.Count < options.PostRounds && !interrupt.IsRequested)
        {
            var round = new LatencyHistogram();
            foreach (var part in await Task.WhenAll(
                _members.Select(member => member.PostAsync(share, count))))
            {
                round.AddLine(part);
            }
            rounds.Add(round);
        }
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

    private int Report(CrowdResult result)
    {
        if (terminal.Json)
            Console.Out.WriteLine(result.ToJson());
        else
            terminal.Line(result.ToText());
        return result.IsGood ? 0 : 1;
    }
}
