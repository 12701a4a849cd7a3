using System.IO.Pipelines;
using System.Text;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;
using TradeProcessor.Tests.Unit.Parsing;

namespace TradeProcessor.Tests.Unit.Bodies;

public sealed class TradeBodyReaderTests
{
    private const string Good = TradeTexts.Sample;
    private const string Bad = "{\"userId\":5," + "\"amountSell\":-1}";

    [Fact]
    public async Task ReadAsync_OneObject_IsSingle()
    {
        var reading = await Read(" \n" + Good + "\n");

        Assert.Equal(BodyStatus.Ok, reading.Result.Status);
        Assert.True(reading.Result.Single);
        Assert.Equal((1, 1, 0), (reading.Count, reading.Errors.Accepted, reading.Errors.Rejected));
    }

    [Fact]
    public async Task ReadAsync_InvalidObject_ListsItsFields()
    {
        var reading = await Read(Bad);

        Assert.Equal(BodyStatus.Ok, reading.Result.Status);
        Assert.Equal((0, 0, 1), (reading.Count, reading.Errors.Accepted, reading.Errors.Rejected));
        Assert.Contains(new BatchError(0, TradeField.UserId, RejectCode.WrongType), reading.Errors.Errors);
        Assert.Equal(8, reading.Errors.Errors.Count);
    }

    [Theory]
    [InlineData("[]", 0, "")]
    [InlineData(" [ ] ", 0, "")]
    [InlineData("[" + Good + "]", 1, "")]
    [InlineData("[" + Good + " ,\n" + Good + "]\r\n", 2, "")]
    [InlineData("[1, " + Good + ", [{}], \"a\", null]", 1, "0.=wrong_type 2.=wrong_type 3.=wrong_type 4.=wrong_type")]
    public async Task ReadAsync_Array_TakesEachElement(string body, int accepted, string errors)
    {
        var reading = await Read(body);

        Assert.Equal(BodyStatus.Ok, reading.Result.Status);
        Assert.False(reading.Result.Single);
        Assert.Equal(accepted, reading.Count);
        Assert.Equal(errors, Errors(reading));
    }

    [Theory]
    [InlineData("", 0, 1)]
    [InlineData("  ", 2, 1)]
    [InlineData("5", 0, 1)]
    [InlineData("x", 0, 1)]
    [InlineData("[", 1, 1)]
    [InlineData("[,]", 1, 1)]
    [InlineData("[1,]", 3, 1)]
    [InlineData("[1 2]", 3, 1)]
    [InlineData("[1}", 2, 1)]
    [InlineData("[1]]", 3, 1)]
    [InlineData("[1] x", 4, 1)]
    [InlineData("[12", 3, 1)]
    [InlineData("[\n" + Good + ",\n {]}", 191, 3)]
    [InlineData(Good + "\n}", 186, 2)]
    [InlineData("{\n\"userId\": nul", 15, 2)]
    public async Task ReadAsync_SyntaxError_RefusesTheBody(string body, int offset, int line)
    {
        var reading = await Read(body);

        Assert.Equal(BodyStatus.Malformed, reading.Result.Status);
        Assert.Equal((offset, line), ((int)reading.Result.Offset, reading.Result.Line));
        Assert.Equal((0, 0, 0, 0), (reading.Count, reading.Records.Length, reading.Errors.Accepted, reading.Errors.Kept));
    }

    [Theory]
    [InlineData("", 0, "")]
    [InlineData("\n\r\n  \n", 0, "")]
    [InlineData(Good, 1, "")]
    [InlineData(Good + "\r\n\n" + Good + "\n", 2, "")]
    [InlineData(Good + "\n[]\n" + Good + " x\n{\n" + Good, 2, "1.=malformed_json 2.=malformed_json 3.=malformed_json")]
    [InlineData("null\n\uD7FF", 0, "0.=malformed_json 1.=malformed_json")]
    public async Task ReadAsync_Lines_TakesEachLine(string body, int accepted, string errors)
    {
        var reading = await Read(body, BodyKind.Ndjson);

        Assert.Equal(BodyStatus.Ok, reading.Result.Status);
        Assert.Equal(accepted, reading.Count);
        Assert.Equal(errors, Errors(reading));
    }

    [Theory]
    [InlineData((int)BodyKind.Json, "[")]
    [InlineData((int)BodyKind.Json, "")]
    [InlineData((int)BodyKind.Ndjson, "")]
    public async Task ReadAsync_ByteOrderMark_IsSkipped(int kind, string before)
    {
        var reading = await Read("\uFEFF" + before + Good + (before == "[" ? "]" : ""), (BodyKind)kind);

        Assert.Equal((BodyStatus.Ok, 1), (reading.Result.Status, reading.Count));
    }

    [Theory]
    [InlineData(4096, (int)BodyStatus.Ok)]
    [InlineData(4097, (int)BodyStatus.TooLarge)]
    public async Task ReadAsync_SingleAtItsLimit_CountsWholeBody(int length, int status)
    {
        var reading = await Read(Good.PadRight(length));

        Assert.Equal((BodyStatus)status, reading.Result.Status);
        Assert.Equal(status == 0 ? 1 : 0, reading.Count);
    }

    [Theory]
    [InlineData((int)BodyKind.Json)]
    [InlineData((int)BodyKind.Ndjson)]
    public async Task ReadAsync_BatchPastItsLimit_IsTooLarge(int kind)
    {
        var text = kind == (int)BodyKind.Ndjson ? Good + "\n" + Good : "[" + Good + "," + Good + "]";
        var limits = new BodyLimits(100, text.Length, 4096);

        Assert.Equal(2, (await Read(text, (BodyKind)kind, limits)).Count);
        var over = await Read(text + " ", (BodyKind)kind, limits);
        Assert.Equal((BodyStatus.TooLarge, 0), (over.Result.Status, over.Count));
    }

    [Fact]
    public async Task ReadAsync_LongTrade_IsRefusedAlone()
    {
        var longer = "{\"x\":\"" + new string('x', 40_000) + "\"," + Good[1..];

        var array = await Read("[" + Good + "," + longer + "," + Good + "]");
        var lines = await Read(Good + "\n" + longer + "\n" + Good, BodyKind.Ndjson);

        Assert.Equal((2, "1.=too_large"), (array.Count, Errors(array)));
        Assert.Equal((2, "1.=too_large"), (lines.Count, Errors(lines)));
    }

    [Fact]
    public async Task ReadAsync_EndlessElement_IsMalformed()
    {
        var reading = await Read("[\"" + new string('x', 200_000) + "\"]");

        Assert.Equal(BodyStatus.Malformed, reading.Result.Status);
    }

    [Fact]
    public async Task ReadAsync_ManyRejects_KeepsHundredAndCountsAll()
    {
        var body = string.Concat(Enumerable.Repeat("{}\n", 1000)) + Good;

        var reading = await Read(body, BodyKind.Ndjson);

        Assert.Equal((1, 1000), (reading.Errors.Accepted, reading.Errors.Rejected));
        Assert.Equal((100, 100), (reading.Errors.Errors.Count, reading.Errors.Kept));
        Assert.Equal(1000, reading.Errors.CountOf(RejectCode.Required));
    }

    [Fact]
    public async Task ToRejects_RejectedTrades_HoldErrorsCountsAndBeginning()
    {
        var body = Bad + "\n{\"userId\": \"" + new string('é', 500) + "\"}\nno";
        var at = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

        var rejects = (await Read(body, BodyKind.Ndjson)).Errors.ToRejects(at);

        Assert.Equal(3, rejects.Total);
        Assert.Contains(KeyValuePair.Create("malformed_json", 1L), rejects.ByCode);
        Assert.Equal(3, rejects.Kept.Count);
        Assert.All(rejects.Kept, reject => Assert.Equal(at, reject.At));
        Assert.Equal(Bad, rejects.Kept[0].Body);
        Assert.Contains(new FieldError("amountSell", "must_be_positive"), rejects.Kept[0].Errors);
        Assert.Equal("{\"userId\": \"" + new string('é', 250), rejects.Kept[1].Body);
        Assert.Equal([new FieldError("", "malformed_json")], rejects.Kept[2].Errors);
    }

    [Fact]
    public async Task ReadAsync_CancelledToken_Throws()
    {
        var pipe = new Pipe();
        using var stop = new CancellationTokenSource();
        using var records = new RecordBuffer();
        var reading = new TradeBodyReader(new TradeParser(AssetTable.Iso), BodyLimits.Default)
            .ReadAsync(pipe.Reader, BodyKind.Json, new BodyWalk(records, new BatchErrors()), stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static string Errors(BodyReading reading) => string.Join(' ', reading.Errors.Errors.Select(
        error => $"{error.Index}.{error.Field.WireName()}={error.Code.WireName()}"));

    // Whole, and byte by byte: the same.
    private static async Task<BodyReading> Read(
        string body, BodyKind kind = BodyKind.Json, BodyLimits? limits = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var whole = await CutBody.Read(bytes, kind, limits);
        for (var seed = 0; seed < 8; seed++)
        {
            var cut = await CutBody.Read(bytes, kind, limits, new Random(seed));
            Assert.Equal(whole.Told, cut.Told);
        }
        return whole;
    }
}
