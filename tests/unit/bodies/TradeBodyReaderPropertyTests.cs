using System.Text;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Tests.Unit.Parsing;

namespace TradeProcessor.Tests.Unit.Bodies;

public sealed class TradeBodyReaderPropertyTests
{
    private static readonly int Bodies = FuzzSettings.Count / 200;

    [Fact]
    public async Task ReadAsync_LinesCutAnywhere_ReadsLikeOracle()
    {
        var random = new Random(FuzzSettings.Seed);
        var texts = new TradeTexts(random);
        for (var i = 0; i < Bodies; i++)
        {
            var limits = Limits(random);
            var flaws = random.Next(2) * 3;
            var lines = Enumerable.Range(0, random.Next(30))
                .Select(_ => Line(texts, random, flaws)).ToList();
            var body = new List<byte>();
            for (var line = 0; line < lines.Count; line++)
            {
                body.AddRange(lines[line]);
                if (line < lines.Count - 1 || random.Next(2) == 0)
                    body.AddRange(random.Next(3) == 0 ? "\r\n"u8 : "\n"u8);
            }
            var expected = new Expected(limits);
            foreach (var line in lines)
                expected.AddLine(line);

            var actual = await CutBody.Read([.. body], BodyKind.Ndjson, limits, random);

            Assert.Equal(BodyStatus.Ok, actual.Result.Status);
            expected.AssertSame(actual, i);
        }
    }

    [Fact]
    public async Task ReadAsync_ArrayCutAnywhere_ReadsLikeOracle()
    {
        var random = new Random(FuzzSettings.Seed + 1);
        var texts = new TradeTexts(random);
        string[] others = ["1", "-0.5e3", "\"}],{\"", "[{\"a\":[]}]", "null", "true", "[]"];
        for (var i = 0; i < Bodies; i++)
        {
            var limits = Limits(random);
            var expected = new Expected(limits);
            var body = new StringBuilder("[");
            var flaws = random.Next(2) * 3;
            for (var left = random.Next(30); left > 0;)
            {
                var text = flaws > 0 && random.Next(10) == 0
                    ? others[random.Next(others.Length)]
                    : texts.Trade(random.Next(flaws), plain: flaws == 0).Trim();
                if (!expected.TryAddElement(Encoding.UTF8.GetBytes(text)))
                    continue;
                body.Append(left % 3 == 0 ? " \n" : "").Append(text).Append(--left > 0 ? "," : "");
            }
            body.Append(" ]\n");
            var bytes = Encoding.UTF8.GetBytes(body.ToString());

            expected.AssertSame(await CutBody.Read(bytes, BodyKind.Json, limits, random), i);

            // Any harm done to it reads the same, however it is cut. Only a body that is both
            // malformed and too large is whichever shows first.
            var harmed = texts.Mutated(bytes);
            var whole = await CutBody.Read(harmed, BodyKind.Json, limits);
            var cut = await CutBody.Read(harmed, BodyKind.Json, limits, random);
            if (whole.Result.Status == BodyStatus.TooLarge)
            {
                Assert.NotEqual(BodyStatus.Ok, cut.Result.Status);
            }
            else if (whole.Told != cut.Told || whole.Result != cut.Result)
            {
                Assert.Fail($"seed {FuzzSettings.Seed}, body {i}: {whole.Result} {whole.Told}\n"
                    + $"{cut.Result} {cut.Told}\n{Encoding.UTF8.GetString(harmed)}");
            }
        }
    }

    [Fact]
    public async Task ReadAsync_SinglesCutAnywhere_ReadLikeOracle()
    {
        var random = new Random(FuzzSettings.Seed + 2);
        var texts = new TradeTexts(random);
        for (var i = 0; i < Bodies * 5; i++)
        {
            var text = Encoding.UTF8.GetBytes(texts.Trade(random.Next(3)).TrimEnd(" x".ToCharArray()));
            var expected = new Expected(BodyLimits.Default);
            expected.AddTrade(text, TradeOracle.Read(CutBody.Assets, text));

            var actual = await CutBody.Read(text, BodyKind.Json, random: random);

            if (actual.Result.Status == BodyStatus.Ok)
                expected.AssertSame(actual, i);
            else
                Assert.Equal(ParseStatus.Malformed, TradeOracle.Read(CutBody.Assets, text).Status);
        }
    }

    private static BodyLimits Limits(Random random) => random.Next(3) == 0
        ? BodyLimits.Default with { TradeBytes = random.Next(150, 250) }
        : BodyLimits.Default;

    private static byte[] Line(TradeTexts texts, Random random, int flaws)
    {
        if (random.Next(15) == 0)
            return random.Next(2) == 0 ? [] : [.. " \t"u8];
        var line = Encoding.UTF8.GetBytes(texts.Trade(random.Next(flaws), plain: flaws == 0));
        if (flaws > 0 && random.Next(8) == 0)
            line = texts.Mutated(line);
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private sealed class Expected(BodyLimits limits)
    {
        private readonly List<byte> _records = [];
        private readonly List<string> _errors = [];
        private int _accepted;
        private int _rejected;

        public void AddLine(byte[] line)
        {
            var text = Encoding.Latin1.GetString(line).Trim(' ', '\t', '\r', '\n');
            var reading = TradeOracle.Read(CutBody.Assets, line);
            var ends = reading.Status == ParseStatus.Malformed
                || line.AsSpan(reading.Consumed).Trim(" \t\r"u8).IsEmpty;
            if (line.Length > limits.TradeBytes)
                Refuse(RejectCode.TooLarge);
            else if (text.Length == 0)
                return;
            else if (reading.Status == ParseStatus.Malformed || !ends)
                Refuse(RejectCode.MalformedJson);
            else
                AddTrade(line, reading);
        }

        public bool TryAddElement(byte[] element)
        {
            var reading = TradeOracle.Read(CutBody.Assets, element);
            var isObject = element[0] == '{';
            if (isObject && (reading.Status == ParseStatus.Malformed || reading.Consumed != element.Length))
                return false;
            if (element.Length > limits.TradeBytes)
                Refuse(RejectCode.TooLarge);
            else if (!isObject)
                Refuse(RejectCode.WrongType);
            else
                AddTrade(element, reading);
            return true;
        }

        public void AddTrade(byte[] text, Reading reading)
        {
            _records.AddRange(reading.Record);
            if (reading.Status == ParseStatus.Trade)
            {
                _accepted++;
                return;
            }
            foreach (var error in reading.Errors.ToFieldErrors())
                _errors.Add($"{_accepted + _rejected}.{error.Field}={error.Code}");
            _rejected++;
        }

        public void AssertSame(BodyReading actual, int body)
        {
            var errors = actual.Errors.Errors.Select(
                error => $"{error.Index}.{error.Field.WireName()}={error.Code.WireName()}");
            var told = $"seed {FuzzSettings.Seed}, body {body}: {actual.Told}\n{string.Join(' ', _errors)}";
            Assert.True(actual.Result.Status == BodyStatus.Ok, told);
            Assert.True(_accepted == actual.Count && _accepted == actual.Errors.Accepted, told);
            Assert.True(_rejected == actual.Errors.Rejected, told);
            Assert.True(_errors.Take(BatchErrors.MaxKept).SequenceEqual(errors), told);
            Assert.True(_records.SequenceEqual(actual.Records), told);
        }

        private void Refuse(RejectCode code) =>
            _errors.Add($"{_accepted + _rejected++}.={code.WireName()}");
    }
}
