using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Bench;

/// <summary>
/// The accept path without a web server: a body in a pipe, read, submitted, flushed by the real
/// journal, acknowledged, and the submission returned.
/// </summary>
internal static class AcceptBenchmark
{
    private const int SinglesInFlight = 64;
    private const int BatchesInFlight = 8;
    private const int TradesPerBatch = 1000;

    /// <param name="path">Directory for the journal; it is left as it was.</param>
    public static void Run(string path)
    {
        var directory = Directory.CreateDirectory(Path.Combine(path, $"accept-{Environment.ProcessId}"));
        try
        {
            BenchReport.Show("accept", [InProcess(directory.FullName), .. HttpAllocations.Measure(directory.FullName)]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Section InProcess(string directory)
    {
        var options = new StorageOptions { Path = directory };
        using var backEnd = new FileBackEnd(
            options, CountingLoop.Retention, TimeProvider.System, NullLogger<FileBackEnd>.Instance);
        using var intake = new TradeIntake(
            new FileTradeLog(backEnd, options),
            Options.Create(new IntakeOptions()),
            TimeProvider.System,
            NullLogger<TradeIntake>.Instance);
        intake.Start();
        var reader = new TradeBodyReader(new TradeParser(AssetTable.Iso), BodyLimits.Default);
        var single = new Lanes(intake, reader, BodyKind.Json, SinglesInFlight, 1);
        var batch = new Lanes(intake, reader, BodyKind.Ndjson, BatchesInFlight, TradesPerBatch);
        var section = Section.OfTimes("From a body in a pipe to the acknowledgement", "trade", Rounds.Measure(
        [
            new($"single trades, {SinglesInFlight} in flight", single.Run),
            new($"NDJSON of {TradesPerBatch:N0}, {BatchesInFlight} in flight", batch.Run),
        ]));
        intake.StopAsync().GetAwaiter().GetResult();
        return section;
    }

    /// <summary>Clients, each of which sends a body when the one before is acknowledged.</summary>
    private sealed class Lanes(
        TradeIntake intake, TradeBodyReader reader, BodyKind kind, int count, int tradesPerBody)
    {
        private static readonly PipeOptions Pipes = new(new BlockPool());

        private readonly Pipe[] _pipes = [.. Enumerable.Range(0, count).Select(_ => new Pipe(Pipes))];

        private readonly byte[][] _bodies =
            [.. Enumerable.Range(0, count).Select(i => SampleTrades.Lines(i * tradesPerBody, tradesPerBody))];

        public void Run(int repeats)
        {
            var bodies = Math.Max(1, repeats / tradesPerBody / count);
            Task.WhenAll(Enumerable.Range(0, count).Select(lane => Task.Run(() => RunAsync(lane, bodies))))
                .GetAwaiter().GetResult();
        }

        private async Task RunAsync(int lane, int bodies)
        {
            var pipe = _pipes[lane];
            for (var i = 0; i < bodies; i++)
            {
                pipe.Writer.Write(_bodies[lane]);
                pipe.Writer.Complete();
                var submission = intake.Rent();
                var body = await reader.ReadAsync(pipe.Reader, kind, submission.Walk);
                var outcome = await intake.SubmitAsync(submission);
                if (body.Status != BodyStatus.Ok || outcome != LogOutcome.Logged
                    || submission.Records.Count != tradesPerBody)
                {
                    throw new InvalidOperationException("The body was not accepted.");
                }
                intake.Return(submission);
                pipe.Reader.Complete();
                pipe.Reset();
            }
        }
    }
}
