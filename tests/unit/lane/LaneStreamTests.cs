using TradeProcessor.Tests.Unit.Parsing;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>The same bytes have the same answers, however they are cut on their way.</summary>
public sealed class LaneStreamTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Foreign = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private static readonly string Stream =
        LaneRequests.Post(LaneRequests.Good)
        + LaneRequests.Post(LaneRequests.Invalid)
        + LaneRequests.Post(LaneRequests.Malformed)
        + LaneRequests.Post($"[{LaneRequests.Good},{LaneRequests.Invalid}]")
        + LaneRequests.Post(
            LaneRequests.Good + "\n\n{}\n" + LaneRequests.Good, "application/x-ndjson")
        + LaneRequests.Post("[]")
        + LaneRequests.Post("\u00ef\u00bb\u00bf" + "[ 5 ]")
        + LaneRequests.Post(LaneRequests.Good);

    private static readonly int[] Statuses = [202, 400, 400, 202, 202, 400, 400, 202];

    private const int Trades = 5;

    private LaneServer? _server;

    private LaneServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await LaneServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task<List<string>> AnswersAsync(params string[] pieces)
    {
        using var connection = new LaneConnection(Server.Lane);
        foreach (var piece in pieces)
            await connection.SendAsync(piece);
        var answers = await connection.Answers.ReadAsync(Statuses.Length);
        Assert.Equal(Statuses, answers.Select(answer => answer.Status));
        Assert.DoesNotContain(answers, answer => answer.Closes);
        await connection.SendAsync(Foreign);
        await connection.Served;
        Assert.Equal(Foreign, connection.ForKestrel);
        return [.. answers.Select(answer => answer.Body)];
    }

    [Fact]
    public async Task Stream_CutInTwoAnywhere_HasTheSameAnswers()
    {
        var whole = await AnswersAsync(Stream);
        for (var at = 1; at < Stream.Length; at++)
            Assert.Equal(whole, await AnswersAsync(Stream[..at], Stream[at..]));
        Assert.Equal(Stream.Length * Trades, Server.TradeLog.Records.Count);
        Assert.Equal(Stream.Length * Trades, Server.Metric("trades_accepted_total"));
    }

    [Fact]
    public async Task Stream_CutInManyPieces_HasTheSameAnswers()
    {
        var random = new Random(FuzzSettings.Seed);
        output.WriteLine($"TRADE_FUZZ_SEED={FuzzSettings.Seed}");
        var whole = await AnswersAsync(Stream);
        for (var i = 0; i < 300; i++)
        {
            var pieces = new List<string>();
            var longest = 1 << random.Next(1, 10);
            for (var rest = Stream; rest.Length > 0; rest = rest[pieces[^1].Length..])
                pieces.Add(rest[..Math.Min(rest.Length, random.Next(1, longest + 1))]);
            Assert.Equal(whole, await AnswersAsync([.. pieces]));
        }
    }

    [Fact]
    public async Task LongBody_WithTheNextRequestBehindItsEnd_BothAreAnswered()
    {
        using var connection = new LaneConnection(Server.Lane);
        var post = LaneRequests.Post(LaneRequests.Lines(500), "application/x-ndjson");
        await connection.SendAsync(post[..5000]);
        await connection.SendAsync(
            post[5000..] + LaneRequests.Post(LaneRequests.Invalid) + post[..5000]);
        var answers = await connection.Answers.ReadAsync(2);
        Assert.Equal([202, 400], answers.Select(answer => answer.Status));
        await connection.SendAsync(post[5000..]);
        Assert.Equal(202, (await connection.Answers.ReadAsync())!.Status);
        Assert.Equal(1000, Server.TradeLog.Records.Count);
    }

    [Fact]
    public async Task Client_ThatEndsBehindAWholeRequest_IsAnswered()
    {
        using var connection = new LaneConnection(Server.Lane);
        await connection.SendAsync(LaneRequests.Post(LaneRequests.Good));
        connection.End();
        Assert.Equal(202, (await connection.Answers.ReadAsync())!.Status);
        await connection.Served;
        Assert.Single(Server.TradeLog.Records);
    }

    [Fact]
    public async Task Client_ThatEndsWithinALongBody_HasNoAnswerAndNothingIsLogged()
    {
        using var connection = new LaneConnection(Server.Lane);
        var post = LaneRequests.Post(LaneRequests.Lines(500), "application/x-ndjson");
        await connection.SendAsync(post[..5000]);
        await connection.SendAsync(post[5000..^1]);
        connection.End();
        Assert.Null(await connection.Answers.ReadAsync());
        await connection.Served;
        Assert.Null(connection.ForKestrel);
        Assert.Empty(Server.TradeLog.Records);
    }

    [Fact]
    public async Task Client_ThatEndsWithinAHead_LeavesItToKestrel()
    {
        using var connection = new LaneConnection(Server.Lane);
        var post = LaneRequests.Post(LaneRequests.Invalid);
        await connection.SendAsync(post + post[..30]);
        var answer = await connection.Answers.ReadAsync();
        Assert.False(answer!.Closes);
        connection.End();
        await connection.Served;
        Assert.Equal(post[..30], connection.ForKestrel);
    }

    [Fact]
    public async Task ManyConnectionsAtATime_EachHasItsOwnAnswers()
    {
        await Parallel.ForAsync(0, 200, async (i, _) =>
        {
            using var connection = new LaneConnection(Server.Lane);
            for (var n = 0; n < 20; n++)
            {
                var isGood = (i + n) % 3 > 0;
                var post = LaneRequests.Post(isGood ? LaneRequests.Good : LaneRequests.Invalid);
                await connection.SendAsync(post);
                var answer = await connection.Answers.ReadAsync();
                Assert.Equal(isGood ? 202 : 400, answer!.Status);
            }
        });
        Assert.Equal(200 * 20, Server.TradeLog.Records.Count + Server.Rejected);
    }
}
