using System.Diagnostics;
using TradeProcessor.Load.Generation;
using TradeProcessor.Load.Http;
using TradeProcessor.Load.Reporting;
using TradeProcessor.Load.Verifying;

namespace TradeProcessor.Load.Sending;

/// <summary>Sends generated trades, sums up, and with --verify asks the storage API.</summary>
internal static class LoadRun
{
    // Enough that connections seldom wait for one another, few enough to add up in no time.
    private const int MaxTallies = 16;

    // A 202 takes some 120 bytes, the longest answer to a batch grows the buffer once or twice.
    private const int BufferBytes = 4096;

    public static async Task<int> RunAsync(
        LoadOptions options, Terminal terminal, Interrupt interrupt)
    {
        var target = await Target.ResolveAsync(options.Url);
        var sources = SourceAddresses.Choose(target, options.Connections, options.Source);
        OpenFiles.Require(options.Connections, "--connections");

        using var verifier = options.Verify
            ? new Verifier((await ReadTargetAsync(options, target)).Url, options.VerifyTimeout)
            : null;
        if (verifier is not null)
            await verifier.ReadBaselineAsync(interrupt.Token);

        var connections = await ConnectionOpening.OpenAsync(
            target, options.Connections, sources, BufferBytes, () => { }, interrupt.Token);
        var result = await SendAsync(options, target, connections, terminal, interrupt);
        var verdict = verifier is null || interrupt.IsRequested || result.Accepted == 0
            ? null
            : await verifier.VerifyAsync(result, interrupt.Token);

        foreach (var connection in connections)
            connection.Dispose();
        Print(terminal, result, verdict);
        if (options.Verify && verdict is null)
            terminal.Line("not verified: interrupted, or nothing was acknowledged");
        var agreed = !options.Verify || verdict is { Agreed: true };
        return result.IsGood && agreed ? 0 : 1;
    }

    private static Task<Target> ReadTargetAsync(LoadOptions options, Target target) =>
        options.ReadUrl is null ? Task.FromResult(target) : Target.ResolveAsync(options.ReadUrl);

    private static async Task<RunResult> SendAsync(
        LoadOptions options,
        Target target,
        HttpConnection[] connections,
        Terminal terminal,
        Interrupt interrupt)
    {
        var batched = options.Batch > 1;
        var template = new RequestTemplate(
            target,
            batched ? RequestTemplate.ManyTrades : RequestTemplate.OneTrade,
            options.Headers);
        var policy = new SendPolicy(template, batched, options.Pipeline, options.Retry);
        var generator = new TradeGenerator(options.Seed);
        var work = new WorkSource(options.Count, options.Duration, options.Batch, options.Rate);
        var tallies = Enumerable.Range(0, Math.Min(MaxTallies, connections.Length))
            .Select(_ => new Tally(options.Verify ? generator : null)).ToArray();

        using var pacer = work.IsOpenLoop ? new Pacer(interrupt.Token) : null;
        await using (new AnswerWatch(connections, options.AnswerTimeout))
        {
            work.Start();
            var since = Stopwatch.GetTimestamp();
            var senders = connections.Select((connection, i) => Task.Run(() =>
                new Sender(connection, work, pacer, generator, policy, tallies[i % tallies.Length])
                    .RunAsync(interrupt.Token)));
            var sending = interrupt.AwaitAsync(Task.WhenAll(senders), () =>
            {
                foreach (var connection in connections)
                    connection.Abort();
            });
            await terminal.ShowAsync(
                "sending",
                () => Share(work, options.Duration, since, tallies),
                new RateMeter(() => tallies.Sum(tally => tally.Accepted)).Describe,
                sending);
        }

        var result = new RunResult
        {
            Offered = work.Trades == long.MaxValue ? null : work.Trades,
            Interrupted = interrupt.IsRequested,
        };
        foreach (var tally in tallies)
            tally.AddTo(result);
        return result;
    }

    private static double? Share(WorkSource work, TimeSpan? duration, long since, Tally[] tallies)
    {
        var byCount = work.Trades == long.MaxValue
            ? 0
            : (double)tallies.Sum(tally => tally.Settled) / work.Trades;
        var byTime = duration is { } time ? Stopwatch.GetElapsedTime(since) / time : 0;
        return Math.Clamp(Math.Max(byCount, byTime), 0, 1);
    }

    private static void Print(Terminal terminal, RunResult result, Verdict? verdict)
    {
        if (terminal.Json)
        {
            Console.Out.WriteLine(Summary.Json(result, verdict));
            return;
        }

        foreach (var line in Summary.Text(result, verdict))
            terminal.Line(line);
    }
}
