using System.Text;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Parsing;

public sealed class TradeParserPropertyTests
{
    private static readonly AssetTable Assets = new(AssetCode.Parse("BTC"), AssetCode.Parse("USDT"));
    private readonly TradeParser _parser = new(Assets);
    private readonly byte[] _record = new byte[TradeRecord.MaxBytes];

    [Fact]
    public void Parse_GeneratedTrades_ReadsLikeOracle()
    {
        var random = new Random(FuzzSettings.Seed);
        var texts = new TradeTexts(random);
        var byStatus = new int[4];
        for (var i = 0; i < FuzzSettings.Count / 2; i++)
        {
            var text = Encoding.UTF8.GetBytes(texts.Trade(Math.Max(0, random.Next(6) - 2), plain: i % 2 == 0));
            byStatus[(int)AssertLikeOracle(text, i).Status]++;
        }
        // The generator is worth its time only while it makes enough of each.
        var enough = FuzzSettings.Count / 100;
        Assert.True(byStatus[(int)ParseStatus.Trade] >= enough, string.Join(' ', byStatus));
        Assert.True(byStatus[(int)ParseStatus.Invalid] >= enough, string.Join(' ', byStatus));
    }

    [Fact]
    public void Parse_MutatedTrades_ReadsLikeOracle()
    {
        var random = new Random(FuzzSettings.Seed + 1);
        var texts = new TradeTexts(random);
        for (var i = 0; i < FuzzSettings.Count / 4; i++)
        {
            var text = Encoding.UTF8.GetBytes(texts.Trade(random.Next(10) == 0 ? 1 : 0, plain: i % 2 == 0));
            for (var mutation = 0; mutation < 2; mutation++)
                AssertLikeOracle(texts.Mutated(text), i);
        }
    }

    [Fact]
    public void Parse_TextThatEndsWithItsPage_ReadsNothingBehindIt()
    {
        using var guarded = new GuardedBytes();
        var random = new Random(FuzzSettings.Seed + 3);
        var texts = new TradeTexts(random);
        for (var i = 0; i < FuzzSettings.Count / 200; i++)
        {
            var text = Encoding.UTF8.GetBytes(i == 0 ? TradeTexts.Sample : texts.Trade(random.Next(2), plain: i % 2 == 0));
            for (var length = 0; length <= text.Length; length++)
            {
                var errors = default(TradeErrors);
                var held = guarded.Hold(text.AsSpan(0, length));
                var status = _parser.Parse(held, length % 2 == 0, _record, ref errors, out _, out _);
                Assert.True(status != ParseStatus.Trade || length > TradeRecord.FixedBytes);
            }
        }
    }

    [Fact]
    public void Parse_CutAnywhere_IsIncompleteUntilWhole()
    {
        var random = new Random(FuzzSettings.Seed + 2);
        var texts = new TradeTexts(random);
        for (var i = 0; i < FuzzSettings.Count / 200; i++)
        {
            var text = Encoding.UTF8.GetBytes(texts.Trade(random.Next(2), plain: i % 2 == 0));
            if (random.Next(4) == 0)
                text = texts.Mutated(text);
            var whole = Parse(text, isFinal: true);
            for (var length = 0; length < text.Length; length++)
            {
                // What is behind the cut stays there, so that a parser that looks at it shows.
                var part = Parse(text, isFinal: false, length);
                var good = whole.Status == ParseStatus.Malformed
                    ? part.Status is ParseStatus.Incomplete or ParseStatus.Malformed
                    : length < whole.Consumed
                        ? part is { Status: ParseStatus.Incomplete, Consumed: 0 }
                        : part.SameAs(whole);
                Assert.True(good, Told(text, i));
            }
        }
    }

    private Reading AssertLikeOracle(byte[] text, int number)
    {
        var expected = TradeOracle.Read(Assets, text);
        var actual = Parse(text, isFinal: true);
        if (!actual.SameAs(expected))
            Assert.Fail($"{Told(text, number)}\nexpected {expected}\nactual   {actual}");
        return actual;
    }

    // The text stands between other bytes, so that reading past an end shows.
    private Reading Parse(byte[] text, bool isFinal, int? length = null)
    {
        var padded = new byte[text.Length + 64];
        padded.AsSpan().Fill((byte)'"');
        text.CopyTo(padded, 32);
        var errors = default(TradeErrors);
        var status = _parser.Parse(
            padded.AsSpan(32, length ?? text.Length), isFinal, _record, ref errors, out var consumed,
            out var written);
        return new Reading(status, errors, consumed, _record[..written]);
    }

    private static string Told(byte[] text, int number) =>
        $"seed {FuzzSettings.Seed}, case {number}: {Encoding.UTF8.GetString(text)}";
}
