using System.IO.Pipelines;
using System.Text;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Bench;

/// <summary>A batch of 1,000 trades from a pipe, in one segment and in segments of 4 KiB as Kestrel has them.</summary>
internal static class BodiesBenchmark
{
    private const int TradesPerBody = 1000;

    public static void Run()
    {
        var trades = ParseBenchmark.Trades(TradesPerBody, compact: false).ToArray();
        var lines = Encoding.UTF8.GetBytes(string.Join('\n', trades));
        var array = Encoding.UTF8.GetBytes("[" + string.Join(',', trades) + "]");
        BenchReport.Show(
            "bodies",
            Section.OfTimes("1,000 trades in one body", "trade", Rounds.Measure(
            [
                new("the trades alone", repeats => ReadAlone(lines, repeats)),
                new("NDJSON, one segment", repeats => Read(lines, BodyKind.Ndjson, lines.Length, repeats)),
                new("NDJSON, segments of 4 KiB", repeats => Read(lines, BodyKind.Ndjson, 4096, repeats)),
                new("array, one segment", repeats => Read(array, BodyKind.Json, array.Length, repeats)),
                new("array, segments of 4 KiB", repeats => Read(array, BodyKind.Json, 4096, repeats)),
            ])));
    }

    // The parser without a walk, into memory that is there.
    private static void ReadAlone(byte[] lines, int repeats)
    {
        var parser = new TradeParser(AssetTable.Iso);
        var records = new byte[TradesPerBody * TradeRecord.MaxBytes];
        for (var done = 0; done < repeats; done += TradesPerBody)
        {
            var text = lines.AsSpan();
            var errors = default(TradeErrors);
            for (int i = 0, at = 0; i < TradesPerBody; i++)
            {
                _ = parser.Parse(
                    text, true, records.AsSpan(at), ref errors, out var length, out var written);
                text = text[Math.Min(length + 1, text.Length)..];
                at += written;
            }
            if (!text.IsEmpty)
                throw new InvalidOperationException("The trades were not read.");
        }
    }

    private static void Read(byte[] body, BodyKind kind, int segmentBytes, int repeats)
    {
        var sequence = BodySegment.Cut(body, segmentBytes);
        var reader = new TradeBodyReader(new TradeParser(AssetTable.Iso), BodyLimits.Default);
        using var records = new RecordBuffer(MemoryBudget.Unlimited);
        var errors = new BatchErrors();
        var walk = new BodyWalk(records, errors);
        for (var done = 0; done < repeats; done += TradesPerBody)
        {
            records.Reset();
            errors.Reset();
            var result = reader.ReadAsync(PipeReader.Create(sequence), kind, walk);
            if (!result.IsCompletedSuccessfully || result.Result.Status != BodyStatus.Ok
                || records.Count != TradesPerBody)
            {
                throw new InvalidOperationException("The body was not read.");
            }
        }
    }
}
