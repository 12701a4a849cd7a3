using System.Diagnostics;
using System.Threading.Channels;
using TradeProcessor.Load.Http;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Files;

/// <summary>Sends files and tells which lines did not get in, by file and number.</summary>
internal static class FileRun
{
    /// <summary>
    /// An answer names at most 100 errors. With no more lines than that, every rejected line can be
    /// named without sending anything twice: to ask again about the rest of a batch of which a part
    /// was accepted would count that part double.
    /// </summary>
    public const int MaxBatch = 100;

    private const int BufferBytes = 16 * 1024;

    public static async Task<int> RunAsync(
        LoadOptions options, Terminal terminal, Interrupt interrupt)
    {
        var files = new List<TradeFile>();
        try
        {
            foreach (var path in options.Files)
                files.Add(new TradeFile(path));
            return await SendAsync(options, files, terminal, interrupt);
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    }

    private static async Task<int> SendAsync(
        LoadOptions options, List<TradeFile> files, Terminal terminal, Interrupt interrupt)
    {
        var target = await Target.ResolveAsync(options.Url);
        var template = new RequestTemplate(target, RequestTemplate.ManyTrades, options.Headers);
        var connections = await ConnectionOpening.OpenAsync(
            target,
            options.Connections,
            SourceAddresses.Choose(target, options.Connections, options.Source),
            BufferBytes,
            () => { },
            interrupt.Token);
        var totals = new FileTotals(terminal);
        var since = Stopwatch.GetTimestamp();
        await using (new AnswerWatch(connections, options.AnswerTimeout))
        {
            var sending = interrupt.AwaitAsync(
                SendAllAsync(options, files, connections, template, totals, interrupt.Token),
                () => Array.ForEach(connections, connection => connection.Abort()));
            var bytes = Math.Max(1, files.Sum(file => file.Length));
            await terminal.ShowAsync(
                "sending",
                () => (double)files.Sum(file => file.BytesRead) / bytes,
                new RateMeter(() => totals.Accepted).Describe,
                sending);
        }

        foreach (var connection in connections)
            connection.Dispose();
        FileSummary.Print(terminal, totals, Stopwatch.GetElapsedTime(since), interrupt.IsRequested);
        return totals.IsGood && !interrupt.IsRequested ? 0 : 1;
    }

    private static async Task SendAllAsync(
        LoadOptions options,
        List<TradeFile> files,
        HttpConnection[] connections,
        RequestTemplate template,
        FileTotals totals,
        CancellationToken stop)
    {
        // Two batches a connection: enough to keep all busy, whatever the size of the files.
        var batches = Channel.CreateBounded<LineBatch>(connections.Length * 2);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = Task.Run(
            () => ReadAsync(options.Batch, files, batches.Writer, totals, failed.Token),
            CancellationToken.None);
        var senders = connections.Select(connection =>
            new FileSender(connection, template, options.Retry, totals)
                .RunAsync(batches.Reader, stop)).ToList();
        var working = new List<Task>(senders) { reading };
        while (working.Count > 0)
        {
            var done = await Task.WhenAny(working);
            working.Remove(done);
            // One that throws would leave the others waiting: nobody reads, or nobody ends it.
            if (done.IsFaulted)
            {
                await failed.CancelAsync();
                batches.Writer.TryComplete();
                await done;
            }
        }
    }

    private static async Task ReadAsync(
        int lines, List<TradeFile> files, ChannelWriter<LineBatch> batches, FileTotals totals,
        CancellationToken stop)
    {
        try
        {
            foreach (var file in files)
                await ReadAsync(lines, file, batches, totals, stop);
        }
        catch (OperationCanceledException)
        {
            // What has been handed out is still sent and summed up.
        }
        finally
        {
            batches.TryComplete();
        }
    }

    private static async Task ReadAsync(
        int lines, TradeFile file, ChannelWriter<LineBatch> batches, FileTotals totals,
        CancellationToken stop)
    {
        var batch = new LineBatch(file.Path);
        try
        {
            foreach (var line in file.Read())
            {
                if (line.Code is not null)
                {
                    totals.Unread(file.Path, line);
                    continue;
                }

                batch.Add(line.Number, line.Json.Span);
                if (batch.Count < lines)
                    continue;
                await batches.WriteAsync(batch, stop);
                batch = new LineBatch(file.Path);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            var reason = $"cannot be read further: {e.Message}";
            totals.Unread(file.Path, FileLine.Unreadable(0, "", reason));
        }

        if (batch.Count > 0)
            await batches.WriteAsync(batch, stop);
    }
}
