using TradeProcessor.Bench.Reporting;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Contracts;

namespace TradeProcessor.Bench;

/// <summary>Trades into a frame and out of it: the consumer's and the worker's side of the log.</summary>
internal static class FrameBenchmark
{
    private static readonly int[] Sizes = [1, 100, 1000, 20_000];

    public static void Run() => BenchReport.Show("frame", [.. Sizes.Select(Measure)]);

    private static Section Measure(int trades)
    {
        var frame = SampleTrades.Frame(0, trades);
        _ = TradeFrame.Read(frame, out var header);
        var singles = Submissions(frame, header, tradesEach: 1);
        var whole = Submissions(frame, header, tradesEach: trades);
        var packer = new FramePacker(producerId: 1, TradeFrame.MaxPayloadBytes);
        var payload = frame.AsMemory(TradeFrame.HeaderBytes);
        return Section.OfTimes(
            $"Frames of {trades:N0} trades, {payload.Length / (double)trades:F1} bytes a trade",
            "trade",
            payload.Length / (double)trades,
            Rounds.Measure(
            [
                new("pack and seal, a trade a request", repeats => Pack(packer, singles, repeats)),
                new("pack and seal, one request", repeats => Pack(packer, whole, repeats)),
                new("verify and walk", repeats => Walk(frame, repeats)),
                new("CRC-32C of the records alone", repeats =>
                {
                    for (var done = 0; done < repeats; done += trades)
                        _ = Crc32C.Compute(payload.Span);
                }),
            ]));
    }

    private static Submission[] Submissions(byte[] frame, FrameHeader header, int tradesEach)
    {
        var submissions = new List<Submission>();
        foreach (var record in TradeFrame.Records(frame, header))
        {
            if (submissions.Count == 0 || submissions[^1].Records.Count == tradesEach)
                submissions.Add(new Submission(MemoryBudget.Unlimited));
            var records = submissions[^1].Records;
            record.Bytes.CopyTo(records.GetSpan(record.Bytes.Length));
            records.Advance(record.Bytes.Length);
        }
        return [.. submissions];
    }

    private static void Pack(FramePacker packer, Submission[] submissions, int repeats)
    {
        for (var done = 0; done < repeats;)
        {
            foreach (var submission in submissions)
            {
                submission.TakenBytes = 0;
                if (!packer.TryTake(submission))
                    throw new InvalidOperationException("The frame is too small for the trades.");
            }
            done += packer.Count;
            _ = packer.Seal(nowTicks: 1);
        }
    }

    // What a reader touches of each trade: its key and its amounts.
    private static ulong Walk(byte[] frame, int repeats)
    {
        ulong sum = 0;
        for (var done = 0; done < repeats;)
        {
            if (TradeFrame.Read(frame, out var header) != FrameStatus.Whole)
                throw new InvalidOperationException("The frame is damaged.");
            foreach (var record in TradeFrame.Records(frame, header))
            {
                sum += record.From.Packed + record.To.Packed + record.Country.Packed
                    + record.AmountSell.Mantissa + record.AmountBuy.Mantissa + record.Rate.Mantissa;
            }
            done += header.Count;
        }
        return sum;
    }
}
