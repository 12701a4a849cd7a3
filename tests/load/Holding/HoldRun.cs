using System.Diagnostics;
using TradeProcessor.Load.Crowd;
using TradeProcessor.Load.Generation;
using TradeProcessor.Load.Http;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Holding;

/// <summary>
/// Opens very many connections, has each answered once, and holds them all: by
/// <see cref="CrowdRun"/>, or as far as one process goes where that cannot be had.
/// </summary>
internal static class HoldRun
{
    // A 202 without a body; 19,000 of these are 10 MB.
    private const int BufferBytes = 512;

    // All connections ask at once otherwise, which measures the accept queue and not the holding.
    private const int PostsAtATime = 256;

    public static async Task<int> RunAsync(
        LoadOptions options, Terminal terminal, Interrupt interrupt)
    {
        var target = await Target.ResolveAsync(options.Url);
        if (CrowdRun.CanHold(target))
            return await new CrowdRun(options, terminal, interrupt).RunAsync(target);
        if (options.PostRate > 0)
            throw new UsageException("--post-rate needs Linux and an IPv4 address");
        OpenFiles.Require(options.Hold, "--hold");
        var since = Stopwatch.GetTimestamp();
        var opened = 0;
        var opening = ConnectionOpening.OpenAsync(
            target,
            options.Hold,
            SourceAddresses.Choose(target, options.Hold, options.Source),
            BufferBytes,
            () => Interlocked.Increment(ref opened),
            interrupt.Token);
        await terminal.ShowAsync(
            "opening", () => (double)opened / options.Hold, () => $"{opened:N0} open", opening);
        var connections = await opening;
        var openSeconds = Stopwatch.GetElapsedTime(since).TotalSeconds;

        var answers = new HoldAnswers();
        await using (new AnswerWatch(connections, options.AnswerTimeout))
        {
            await terminal.ShowAsync(
                "posting",
                () => (double)answers.Total / options.Hold,
                () => $"{answers.Accepted:N0} accepted",
                PostAllAsync(options, target, connections, answers, interrupt.Token));
        }

        var open = () => connections.Count(connection => !connection.HasEnded());
        await HoldAsync(options, terminal, open, interrupt.Token);
        var result = new HoldResult(
            options.Hold, openSeconds, answers.Accepted, answers.Other, answers.Unanswered, open(),
            interrupt.IsRequested);
        foreach (var connection in connections)
            connection.Dispose();

        if (terminal.Json)
            Console.Out.WriteLine(result.ToJson());
        else
            terminal.Line(result.ToText());
        return result.IsGood ? 0 : 1;
    }

    private static async Task PostAllAsync(
        LoadOptions options, Target target, HttpConnection[] connections, HoldAnswers answers,
        CancellationToken stop)
    {
        var template = new RequestTemplate(target, RequestTemplate.OneTrade, options.Headers);
        var generator = new TradeGenerator(options.Seed);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = PostsAtATime,
            CancellationToken = stop,
        };
        try
        {
            await Parallel.ForAsync(0, connections.Length, parallel, async (i, _) =>
            {
                var request = new byte[template.Length + TradeJson.MaxBytes];
                var body = TradeJson.Write(generator.Make(i), request.AsSpan(template.Length));
                template.Write(request, body);
                try
                {
                    await connections[i].SendAsync(request.AsMemory(0, template.Length + body));
                    var answer = await connections[i].ReadAsync();
                    connections[i].Settle();
                    answers.Count(answer.Status);
                }
                catch (Exception e) when (HttpConnection.IsLoss(e))
                {
                    connections[i].Close();
                    answers.Count(0);
                }
            });
        }
        catch (OperationCanceledException)
        {
            // The summary tells how far it came.
        }
    }

    private static async Task HoldAsync(
        LoadOptions options, Terminal terminal, Func<int> open, CancellationToken stop)
    {
        var since = Stopwatch.GetTimestamp();
        var holding = Task.Delay(options.HoldFor, stop)
            .ContinueWith(_ => { }, TaskScheduler.Default);
        await terminal.ShowAsync(
            "holding",
            () => Math.Min(1, Stopwatch.GetElapsedTime(since) / options.HoldFor),
            () => $"{open():N0} open",
            holding);
    }
}
