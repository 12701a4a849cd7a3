using System.Diagnostics;
using TradeProcessor.Consumer.Intake;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>A log that does not take the trades of pipelined requests.</summary>
public sealed class LaneFailureTests
{
    private static readonly string Pipelined = string.Concat(
        LaneRequests.Post(LaneRequests.Good),
        LaneRequests.Post(LaneRequests.Invalid),
        LaneRequests.Post(LaneRequests.Good),
        LaneRequests.Post(LaneRequests.Malformed),
        LaneRequests.Post($"[{LaneRequests.Invalid},{LaneRequests.Good}]"),
        LaneRequests.Post("[]"));

    private static readonly int[] Unavailable = [503, 400, 503, 400, 503, 400];
    private static readonly int[] Logged = [202, 400, 202, 400, 202, 400];

    private static async Task AssertAnswersAsync(
        LaneConnection connection, int[] statuses, string? reason = null)
    {
        var answers = await connection.Answers.ReadAsync(statuses.Length);
        Assert.Equal(statuses, answers.Select(answer => answer.Status));
        Assert.All(answers, answer =>
        {
            Assert.Equal(answer.Status == 503, answer.IsForRetry);
            Assert.False(answer.Closes);
            if (answer.Status == 503 && reason is not null)
                Assert.Contains(reason, answer.Body, StringComparison.Ordinal);
        });
    }

    // Each refused trade is counted once for each time that its request was sent.
    private static void AssertCounted(LaneServer server, int times, int logged, int refused)
    {
        Assert.Equal(3 * logged, server.TradeLog.Records.Count);
        Assert.Equal(3 * logged, server.Metric("trades_accepted_total"));
        Assert.Equal(3 * logged, server.Metric("intake_ack_seconds_count"));
        Assert.Equal(3 * times, server.Rejected);
        Assert.Equal(refused, server.Metric("requests_refused_total"));
    }

    [Fact]
    public async Task Pipelined_LogFails_ThoseWithTradesAre503AndTheConnectionGoesOn()
    {
        await using var server = await LaneServer.StartAsync();
        using var connection = new LaneConnection(server.Lane);
        server.TradeLog.Fails = true;
        await connection.SendAsync(Pipelined);
        await AssertAnswersAsync(connection, Unavailable, "The test's log fails.");
        server.TradeLog.Fails = false;
        await connection.SendAsync(Pipelined);
        await AssertAnswersAsync(connection, Logged);
        AssertCounted(server, times: 2, logged: 1, refused: 3);
    }

    [Fact]
    public async Task Pipelined_LogStalls_ThoseWithTradesAre503AndTheConnectionGoesOn()
    {
        await using var server = await LaneServer.StartAsync(
            intake: options => options.StallLimit = TimeSpan.FromMilliseconds(200));
        using var connection = new LaneConnection(server.Lane);
        server.TradeLog.Close();
        await connection.SendAsync(Pipelined);
        await AssertAnswersAsync(connection, Unavailable, "did not answer within 200 ms");
        await connection.SendAsync(Pipelined);
        await AssertAnswersAsync(connection, Unavailable, "did not answer within 200 ms");
        server.TradeLog.Open();
        while (server.Intake.Failure is not null || server.TradeLog.Records.Count == 0)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        await connection.SendAsync(Pipelined);
        await AssertAnswersAsync(connection, Logged);
        // Nobody knew of the first three trades; they went in after all.
        Assert.Equal(6, server.TradeLog.Records.Count);
        Assert.Equal(3, server.Metric("trades_accepted_total"));
        Assert.Equal(9, server.Rejected);
        Assert.Equal(6, server.Metric("requests_refused_total"));
    }

    [Fact]
    public async Task Pipelined_ChannelFull_ThoseWithTradesAre503AtOnce()
    {
        await using var server = await LaneServer.StartAsync(intake: options =>
        {
            options.ChannelCapacity = 1;
            options.StallLimit = TimeSpan.FromMinutes(1);
        });
        using var connection = new LaneConnection(server.Lane);
        server.TradeLog.Close();
        // One that the writer has taken, one in the channel: one by one, to know which is which.
        using var first = new LaneConnection(server.Lane);
        await first.SendAsync(LaneRequests.Post(LaneRequests.Good));
        while (server.TradeLog.Held == 0)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        using var second = new LaneConnection(server.Lane);
        await second.SendAsync(LaneRequests.Post(LaneRequests.Good));
        await connection.SendAsync(Pipelined);
        await AssertAnswersAsync(connection, Unavailable, "Too many trades wait for the log.");
        server.TradeLog.Open();
        Assert.Equal(202, (await first.Answers.ReadAsync())!.Status);
        Assert.Equal(202, (await second.Answers.ReadAsync())!.Status);
        await connection.SendAsync(Pipelined);
        await AssertAnswersAsync(connection, Logged);
        Assert.Equal(5, server.TradeLog.Records.Count);
        Assert.Equal(5, server.Metric("trades_accepted_total"));
    }

    [Fact]
    public async Task LongBody_LogFails_Is503AndTheConnectionGoesOn()
    {
        await using var server = await LaneServer.StartAsync();
        using var connection = new LaneConnection(server.Lane);
        var post = LaneRequests.Post(LaneRequests.Lines(300), "application/x-ndjson");
        foreach (var fails in new[] { true, false })
        {
            server.TradeLog.Fails = fails;
            await connection.SendAsync(post[..4000]);
            await connection.SendAsync(post[4000..]);
            await AssertAnswersAsync(connection, [fails ? 503 : 202]);
        }
        Assert.Equal(300, server.TradeLog.Records.Count);
        Assert.Equal(300, server.Metric("trades_accepted_total"));
        Assert.Equal(1, server.Metric("requests_refused_total"));
    }

    [Fact]
    public async Task Memory_SpentByTradesThatWait_OthersAre503AndTakenLater()
    {
        await using var server = await LaneServer.StartAsync(intake: SmallMemory);
        server.TradeLog.Close();
        using var holding = new LaneConnection(server.Lane);
        // Half of the memory and a little, which its buffer doubles to all of it.
        await holding.SendAsync(
            LaneRequests.Post(LaneRequests.Lines(15_000), "application/x-ndjson"));
        using var connection = new LaneConnection(server.Lane);
        var pipelined = LaneRequests.Post(LaneRequests.Good)
            + LaneRequests.Post("[]") + LaneRequests.Post(LaneRequests.Good);
        await connection.SendAsync(pipelined);
        await AssertAnswersAsync(connection, [503, 400, 503], "held in memory");
        var post = LaneRequests.Post(LaneRequests.Lines(300), "application/x-ndjson");
        await connection.SendAsync(post[..4000]);
        await connection.SendAsync(post[4000..] + LaneRequests.Post("[]"));
        await AssertAnswersAsync(connection, [503, 400]);
        server.TradeLog.Open();
        // What follows an answer is read after its memory was given back.
        await holding.SendAsync(LaneRequests.Post("[]"));
        await AssertAnswersAsync(holding, [202, 400]);
        await connection.SendAsync(pipelined + post);
        await AssertAnswersAsync(connection, [202, 400, 202, 202]);
        Assert.Equal(15_302, server.TradeLog.Records.Count);
        Assert.Equal(3, server.Metric("requests_refused_total"));
        Assert.Equal(0, server.Rejected);
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("")]
    [InlineData("{{")]
    public async Task Memory_OfALongBodyThatIsRefused_IsGivenBackBeforeItsEnd(string fault)
    {
        await using var server = await LaneServer.StartAsync(intake: SmallMemory);
        using var refused = new LaneConnection(server.Lane);
        var trades = string.Join(
            ',', Enumerable.Repeat(LaneRequests.Good, fault == "" ? 30_000 : 15_000));
        var post = LaneRequests.Post($"[{trades},{fault}{LaneRequests.Good}]");
        await refused.SendAsync(post[..^100]);
        using var connection = new LaneConnection(server.Lane);
        // What was sent may still be on its way through the lane.
        var status = 503;
        for (var since = Stopwatch.StartNew(); status == 503 && since.Elapsed < Patience;)
        {
            await connection.SendAsync(LaneRequests.Post(LaneRequests.Good));
            status = (await connection.Answers.ReadAsync())!.Status;
        }
        Assert.Equal(202, status);
        await refused.SendAsync(post[^100..] + LaneRequests.Post(LaneRequests.Good));
        await AssertAnswersAsync(refused, [fault == "" ? 503 : 400, 202]);
        Assert.Equal(2, server.TradeLog.Records.Count);
    }

    private static void SmallMemory(IntakeOptions options)
    {
        options.MaxPendingBytes = 1 << 20;
        options.StallLimit = TimeSpan.FromMinutes(1);
    }
}
