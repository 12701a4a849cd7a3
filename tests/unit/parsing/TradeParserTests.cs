using System.Text;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Parsing;

public sealed class TradeParserTests
{
    private readonly TradeParser _parser = new(new AssetTable(AssetCode.Parse("BTC"), AssetCode.Parse("USDT")));
    private readonly byte[] _record = new byte[TradeRecord.MaxBytes];

    [Fact]
    public void Parse_ContractSample_WritesEveryField()
    {
        var reading = Parse(TradeTexts.Sample);

        Assert.Equal(ParseStatus.Trade, reading.Status);
        Assert.Equal(185, reading.Consumed);
        var trade = new TradeRecord(reading.Record).ToTrade(0);
        Assert.Equal(
            new Trade(
                "134256", AssetCode.Parse("EUR"), AssetCode.Parse("GBP"), new ExactDecimal(1000, 0),
                new ExactDecimal(7471, 1), new ExactDecimal(7471, 4),
                new DateTime(2015, 1, 24, 10, 27, 44, DateTimeKind.Utc),
                new CountryCode('F' << 8 | 'R'), default),
            trade);
    }

    [Theory]
    [InlineData("userId", "null", "required")]
    [InlineData("userId", "\"\"", "required")]
    [InlineData("userId", "7", "wrong_type")]
    [InlineData("userId", "[\"a\"]", "wrong_type")]
    [InlineData("userId", "\"a b\"", "bad_characters")]
    [InlineData("userId", "\"a\\tb\"", "bad_characters")]
    [InlineData("userId", "\"\\ud83d\"", "bad_characters")]
    [InlineData("userId", "\"a\u00ADb\"", "bad_characters")]
    [InlineData("userId", "\"\uE000\"", "bad_characters")]
    [InlineData("userId", "\"\u0378\"", "bad_characters")]
    [InlineData("userId", "\"a\u007F\"", "bad_characters")]
    [InlineData("currencyFrom", "\"eur\"", "unknown_currency")]
    [InlineData("currencyFrom", "\"\"", "unknown_currency")]
    [InlineData("currencyFrom", "\"ETH\"", "unknown_currency")]
    [InlineData("currencyFrom", "1", "wrong_type")]
    [InlineData("currencyTo", "\"EUR\"", "same_currency")]
    [InlineData("currencyTo", "\"USDTT\"", "unknown_currency")]
    [InlineData("amountSell", "\"1000\"", "wrong_type")]
    [InlineData("amountSell", "0", "must_be_positive")]
    [InlineData("amountSell", "-0.000000000001", "must_be_positive")]
    [InlineData("amountSell", "-1e99", "must_be_positive")]
    [InlineData("amountSell", "0e999999", "must_be_positive")]
    [InlineData("amountSell", "1000000000000.000000001", "out_of_range")]
    [InlineData("amountSell", "1e99999999999", "out_of_range")]
    [InlineData("amountBuy", "1e-400", "too_precise")]
    [InlineData("amountBuy", "1e-99999999999", "too_precise")]
    [InlineData("amountBuy", "0.000000001", "too_precise")]
    [InlineData("amountBuy", "12345678901.12345678", "too_precise")]
    [InlineData("amountBuy", "true", "wrong_type")]
    [InlineData("rate", "1e-19", "too_precise")]
    [InlineData("rate", "1.000000000000000001", "too_precise")]
    [InlineData("timePlaced", "\"31-APR-15 10:27:44\"", "bad_time")]
    [InlineData("timePlaced", "\"29-FEB-15 10:27:44\"", "bad_time")]
    [InlineData("timePlaced", "\"24-JAN-15 10:27:60\"", "bad_time")]
    [InlineData("timePlaced", "\"24-JAN-15 24:00:00\"", "bad_time")]
    [InlineData("timePlaced", "\"2015-01-24 10:27:44\"", "bad_time")]
    [InlineData("timePlaced", "\"0001-01-01T00:00+00:01\"", "bad_time")]
    [InlineData("timePlaced", "\"9999-12-31T23:59:59-01\"", "bad_time")]
    [InlineData("timePlaced", "\"2015-01-24T10:27:44.1234567890Z\"", "bad_time")]
    [InlineData("timePlaced", "1422095264", "wrong_type")]
    [InlineData("originatingCountry", "\"fr\"", "unknown_country")]
    [InlineData("originatingCountry", "\"UK\"", "unknown_country")]
    [InlineData("originatingCountry", "\"FRA\"", "unknown_country")]
    [InlineData("originatingCountry", "{\"code\":\"FR\"}", "wrong_type")]
    public void Parse_BadValue_GivesItsCode(string field, string value, string code)
    {
        var reading = Parse(With(field, value));

        Assert.Equal(ParseStatus.Invalid, reading.Status);
        Assert.Equal([new FieldError(field, code)], reading.Errors.ToFieldErrors());
    }

    [Theory]
    [InlineData(64, "a")]
    [InlineData(64, "😀")]
    [InlineData(65, "a")]
    [InlineData(65, "😀")]
    [InlineData(65, "\\ud83d")]
    public void Parse_LongUserId_CountsUnicodeScalars(int count, string character)
    {
        var userId = string.Concat(Enumerable.Repeat(character, count));

        var reading = Parse(With("userId", $"\"{userId}\""));

        Assert.Equal(count > 64 ? RejectCode.TooLong : RejectCode.None, reading.Errors[TradeField.UserId]);
        if (count <= 64)
            Assert.Equal(userId, Encoding.UTF8.GetString(new TradeRecord(reading.Record).UserId));
    }

    [Theory]
    [InlineData("1e3", 1000, 0)]
    [InlineData("1E+3", 1000, 0)]
    [InlineData("1000.0", 1000, 0)]
    [InlineData("1e12", 1_000_000_000_000, 0)]
    [InlineData("1000000000000.0000000000000", 1_000_000_000_000, 0)]
    [InlineData("0.00000001", 1, 8)]
    [InlineData("123456789012.123456", 123_456_789_012_123_456, 6)]
    [InlineData("0.000000000000000000000000001e27", 1, 0)]
    [InlineData("100000000000000000000e-20", 1, 0)]
    [InlineData("74710e-2", 7471, 1)]
    public void Parse_Amount_IsExactAndInNormalForm(string text, ulong mantissa, byte scale)
    {
        var reading = Parse(With("amountSell", text));

        Assert.Equal(ParseStatus.Trade, reading.Status);
        Assert.Equal(new ExactDecimal(mantissa, scale), new TradeRecord(reading.Record).AmountSell);
    }

    [Theory]
    [InlineData("24-jan-15 10:27:44", "2015-01-24T10:27:44Z")]
    [InlineData("4-Jan-15 1:27:44", "2015-01-04T01:27:44Z")]
    [InlineData("29-FEB-00 00:00:00", "2000-02-29T00:00:00Z")]
    [InlineData("31-DEC-99 23:59:59", "2099-12-31T23:59:59Z")]
    [InlineData("2015-01-24T10:27", "2015-01-24T10:27:00Z")]
    [InlineData("2015-01-24T10:27:44", "2015-01-24T10:27:44Z")]
    [InlineData("2015-01-24T10:27:44.5Z", "2015-01-24T10:27:44.5Z")]
    [InlineData("2015-01-24T10:27:44.123456789Z", "2015-01-24T10:27:44.1234567Z")]
    [InlineData("2015-01-24T10:27:44+05:30", "2015-01-24T04:57:44Z")]
    [InlineData("2015-01-24T10:27:44-0530", "2015-01-24T15:57:44Z")]
    [InlineData("2015-01-24T23:27-11", "2015-01-25T10:27:00Z")]
    [InlineData("1960-02-29T10:27:44Z", "1960-02-29T10:27:44Z")]
    [InlineData("24\\u002dJAN-15 10:27:44", "2015-01-24T10:27:44Z")]
    public void Parse_Time_IsThatInstant(string text, string instant)
    {
        var reading = Parse(With("timePlaced", $"\"{text}\""));

        Assert.Equal(ParseStatus.Trade, reading.Status);
        var expected = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected.UtcTicks, new TradeRecord(reading.Record).TimePlacedTicks);
    }

    [Fact]
    public void Parse_EmptyObject_RequiresAllEight()
    {
        var reading = Parse(" {} ");

        Assert.Equal(ParseStatus.Invalid, reading.Status);
        Assert.Equal(3, reading.Consumed);
        Assert.Equal(8, reading.Errors.Count);
        Assert.All(reading.Errors.ToFieldErrors(), error => Assert.Equal("required", error.Code));
    }

    [Theory]
    [InlineData("\"userId\": 5, ")]
    [InlineData("\"userId\": null, ")]
    [InlineData("\"\\u0075serId\": \"b\", ")]
    public void Parse_MemberTwice_IsDuplicateWhateverItsValues(string first)
    {
        var reading = Parse("{" + first + TradeTexts.Sample[1..]);

        Assert.Equal(
            [new FieldError("userId", "duplicate_field")], reading.Errors.ToFieldErrors());
    }

    [Theory]
    [InlineData("\"USERID\": 5")]
    [InlineData("\"note\": {\"userId\": [1, {\"a\": \"}\"}], \"userId\": 2}")]
    [InlineData("\"\": 0.5e+7")]
    [InlineData("\"\\ud800\": false")]
    public void Parse_UnknownMember_IsIgnored(string member) =>
        Assert.Equal(ParseStatus.Trade, Parse("{" + member + "," + TradeTexts.Sample[1..]).Status);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":[1,]}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":1.}")]
    [InlineData("{\"a\":.5}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":-}")]
    [InlineData("{\"a\":1e}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":nulL}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u12g4\"}")]
    [InlineData("{\"a\":1 /* no */}")]
    [InlineData("{\"a\":{]}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\":1")]
    [InlineData("\uFEFF{}")]
    public void Parse_NotJson_IsMalformed(string text) =>
        Assert.Equal(ParseStatus.Malformed, Parse(text).Status);

    [Theory]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    [InlineData(new byte[] { 0xFF })]
    public void Parse_InvalidUtf8_IsMalformed(byte[] invalid)
    {
        byte[] text = [.. "{\"x\":\""u8, .. invalid, .. "\"}"u8];

        Assert.Equal(ParseStatus.Malformed, Parse(text, isFinal: false).Status);
    }

    [Theory]
    [InlineData(63, (int)ParseStatus.Invalid)]
    [InlineData(64, (int)ParseStatus.Malformed)]
    public void Parse_DeepNesting_StopsAt64(int arrays, int status)
    {
        var text = "{\"a\":" + new string('[', arrays) + new string(']', arrays) + "}";

        Assert.Equal((ParseStatus)status, Parse(text).Status);
    }

    [Fact]
    public void Parse_Trade_AllocatesNothing()
    {
        var text = Encoding.UTF8.GetBytes(TradeTexts.Sample);
        var turned = Encoding.UTF8.GetBytes("{\"x\":[1]," + TradeTexts.Sample[1..]);
        var errors = default(TradeErrors);
        // The runtime itself allocates now and then, as when it compiles anew: not each time.
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                _ = _parser.Parse(text, true, _record, ref errors, out _, out _);
                _ = _parser.Parse(turned, true, _record, ref errors, out _, out _);
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    private Reading Parse(string text) => Parse(Encoding.UTF8.GetBytes(text), isFinal: true);

    private Reading Parse(byte[] text, bool isFinal)
    {
        var errors = default(TradeErrors);
        var status = _parser.Parse(text, isFinal, _record, ref errors, out var consumed, out var written);
        return new Reading(status, errors, consumed, _record[..written]);
    }

    // The sample with one value replaced.
    private static string With(string field, string value)
    {
        var start = TradeTexts.Sample.IndexOf($"\"{field}\": ", StringComparison.Ordinal) + field.Length + 4;
        var end = start + TradeTexts.Sample[start..].IndexOfAny([',', '}']);
        return TradeTexts.Sample[..start] + value + TradeTexts.Sample[end..];
    }
}
