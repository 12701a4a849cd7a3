using System.Text;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Parsing;

public sealed class TradeRunTests
{
    private static readonly AssetTable Assets = new(AssetCode.Parse("BTC"), AssetCode.Parse("USDT"));
    private readonly TradeParser _parser = new(Assets);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReadRun_CutAnywhere_TakesWholeTradesAsOracle(bool lines)
    {
        using var guarded = new GuardedBytes();
        var random = new Random(FuzzSettings.Seed + 4);
        var texts = new TradeTexts(random);
        var taken = 0;
        for (var i = 0; i < FuzzSettings.Count / 2000; i++)
        {
            var separator = lines ? random.Next(2) == 0 ? "\n" : "\r\n" : ",";
            var body = Encoding.UTF8.GetBytes(string.Concat(
                Enumerable.Range(0, 4).Select(_ => texts.Trade(random.Next(8) / 7, plain: true) + separator)));
            for (var length = 0; length <= body.Length; length++)
            {
                // Once with the rest of the body behind the end and once with nothing.
                var cut = Read(body.AsSpan(0, length), length, body.Length, lines);
                var alone = Read(guarded.Hold(body.AsSpan(0, length)), length, body.Length, lines);

                var told = $"seed {FuzzSettings.Seed}, body {i}, {length}: {Encoding.UTF8.GetString(body)}";
                AssertLikeOracle(body, cut, lines, told);
                AssertLikeOracle(body, alone, lines, told);
                taken = Math.Max(taken, cut.Run.Count);
            }
        }
        Assert.True(taken > 1, $"seed {FuzzSettings.Seed}: no run of trades");
    }

    [Fact]
    public void ReadRun_TradesInManyForms_TakesAll()
    {
        var pretty = TradeTexts.Sample.Replace(", ", ",\n  ");
        var body = Encoding.UTF8.GetBytes(
            $"{TradeTexts.Sample},{pretty},{TradeTexts.Sample.Replace(" ", "")},"
                .Replace("24-JAN-1510", "24-JAN-15 10"));

        var all = Read(body, body.Length, body.Length, lines: false);
        var asLines = Read(Encoding.UTF8.GetBytes(pretty + "\n"), pretty.Length, body.Length, lines: true);
        var until = Read(body, TradeTexts.Sample.Length, body.Length, lines: false);
        var shorter = Read(body, body.Length, TradeTexts.Sample.Length - 1, lines: false);

        Assert.Equal((body.Length, 3, 7), (all.Consumed, all.Run.Count, all.Run.Newlines));
        Assert.Equal(0, asLines.Run.Count);
        Assert.Equal(1, until.Run.Count);
        Assert.Equal(0, shorter.Run.Count);
    }

    private static void AssertLikeOracle(byte[] body, RunReading reading, bool lines, string told)
    {
        var at = 0;
        var records = new List<byte>();
        for (var i = 0; i < reading.Run.Count; i++)
        {
            var trade = TradeOracle.Read(Assets, body.AsSpan(at));
            Assert.True(trade.Status == ParseStatus.Trade, told);
            records.AddRange(trade.Record);
            at += trade.Consumed;
            if (lines && body[at] == '\r')
                at++;
            Assert.True(body[at++] == (lines ? '\n' : ','), told);
        }
        Assert.True(at == reading.Consumed && at <= reading.Length, told);
        Assert.True(reading.Run.Newlines == body.AsSpan(0, at).Count((byte)'\n'), told);
        Assert.True(records.SequenceEqual(reading.Records), told);
    }

    private RunReading Read(ReadOnlySpan<byte> text, int until, int maxBytes, bool lines)
    {
        var records = new byte[8 * TradeRecord.MaxBytes];
        var consumed = _parser.ReadRun(text, until, lines, maxBytes, records, out var run);
        return new RunReading(text.Length, consumed, run, records[..run.Written]);
    }

    private sealed record RunReading(int Length, int Consumed, TradeRun Run, byte[] Records);
}
