using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>Clients that take their time, by a clock that the test moves.</summary>
public sealed class LaneTimeTests : IAsyncLifetime
{
    private const int KeepAliveSeconds = 20;
    private const int GraceSeconds = 5;
    private const int BytesPerSecond = 240;

    // A beat may come just before a second is over, and counts the one in which something came.
    private const int Slack = 2;

    private LaneServer? _server;

    public async ValueTask InitializeAsync() => _server = await LaneServer.StartAsync(
        limits: limits =>
        {
            limits.KeepAliveTimeout = TimeSpan.FromSeconds(KeepAliveSeconds);
            var least = new MinDataRate(BytesPerSecond, TimeSpan.FromSeconds(GraceSeconds));
            limits.MinRequestBodyDataRate = limits.MinResponseDataRate = least;
        });

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private LaneConnection Connect(int unreadBytes = 1 << 16) => new(_server!.Lane, unreadBytes);

    private static string LongPost(int bytes) =>
        LaneRequests.Post("[" + new string(' ', bytes - 2) + "]");

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Idle_ForTheKeepAliveTimeout_IsClosed(int requests)
    {
        using var connection = Connect();
        for (var i = 0; i < requests; i++)
        {
            connection.Beat(KeepAliveSeconds - Slack);
            await connection.SendAsync(LaneRequests.Post(LaneRequests.Invalid));
        }
        connection.Beat(KeepAliveSeconds - Slack);
        Assert.False(connection.Served.IsCompleted);
        connection.Beat(2 * Slack);
        await connection.Served;
        Assert.Null(connection.ForKestrel);
        Assert.All(await connection.Answers.ReadAsync(requests), answer =>
            Assert.Equal(400, answer.Status));
        Assert.Null(await connection.Answers.ReadAsync());
    }

    [Fact]
    public async Task Head_ThatStops_IsGivenToKestrelAsItIs()
    {
        using var connection = Connect();
        var post = LaneRequests.Post(LaneRequests.Invalid);
        await connection.SendAsync(post + post[..40]);
        Assert.False(connection.Served.IsCompleted);
        connection.Beat(4);
        await connection.Served;
        Assert.Equal(post[..40], connection.ForKestrel);
        _ = await connection.Answers.ReadAsync(1);
    }

    [Fact]
    public async Task Head_ThatComesByteByByte_IsGivenToKestrelToo()
    {
        using var connection = Connect();
        var post = LaneRequests.Post(LaneRequests.Invalid);
        var sent = 0;
        while (!connection.Served.IsCompleted && sent < 40)
        {
            await connection.SendAsync(post[sent..++sent]);
            connection.Beat();
        }
        Assert.InRange(sent, 2, 10);
        Assert.Equal(post[..sent], connection.ForKestrel);
    }

    [Fact]
    public async Task Heads_ThatArriveInPiecesButGoOn_StayInTheLane()
    {
        using var connection = Connect();
        var post = LaneRequests.Post(LaneRequests.Invalid);
        await connection.SendAsync(post[..40]);
        for (var i = 0; i < 3 * KeepAliveSeconds; i++)
        {
            connection.Beat();
            await connection.SendAsync(post[40..] + post[..40]);
        }
        Assert.False(connection.Served.IsCompleted);
        _ = await connection.Answers.ReadAsync(3 * KeepAliveSeconds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_ThatStops_Is408AndClosed(bool afterALongOne)
    {
        using var connection = Connect();
        var post = LongPost(1 << 20);
        if (afterALongOne)
        {
            await connection.SendAsync(post[..1000]);
            await connection.SendAsync(post[1000..]);
            Assert.Equal(400, (await connection.Answers.ReadAsync())!.Status);
        }
        await connection.SendAsync(post[..post.IndexOf('[')]);
        connection.Beat(GraceSeconds - 1);
        Assert.False(connection.Served.IsCompleted);
        connection.Beat(2 * Slack);
        var answer = await connection.Answers.ReadAsync();
        Assert.Equal(408, answer!.Status);
        Assert.True(answer.Closes);
        await connection.Served;
        Assert.Null(connection.ForKestrel);
        Assert.Equal(0, _server!.Rejected);
    }

    [Fact]
    public async Task Body_ThatIsSlowButFastEnough_IsRead()
    {
        using var connection = Connect();
        var post = LongPost(4 * GraceSeconds * BytesPerSecond);
        var sent = post.IndexOf('[');
        await connection.SendAsync(post[..sent]);
        while (sent < post.Length)
        {
            var next = Math.Min(post.Length, sent + 2 * BytesPerSecond);
            await connection.SendAsync(post[sent..next]);
            sent = next;
            connection.Beat();
        }
        Assert.Equal(400, (await connection.Answers.ReadAsync())!.Status);
        Assert.False(connection.Served.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answers_ThatAreNotRead_EndTheConnection(bool afterALongBody)
    {
        using var connection = Connect(unreadBytes: 1024);
        if (afterALongBody)
        {
            var post = LongPost(1 << 20);
            await connection.SendAsync(post[..1000]);
            await connection.SendAsync(post[1000..]);
            _ = await connection.Answers.ReadAsync();
        }
        await connection.SendAsync(LaneRequests.Post("[{},{},{}]"));
        Assert.True(connection.Unread > 1024);
        connection.Beat(GraceSeconds - 1);
        Assert.False(connection.IsAborted);
        connection.Beat(2 * Slack);
        Assert.True(connection.IsAborted);
        connection.Leave();
        await connection.Served;
    }

    [Fact]
    public async Task Answers_ThatAreManyAndReadSlowly_HaveTheTimeThatTheRateGives()
    {
        using var connection = Connect(unreadBytes: 1024);
        var post = LaneRequests.Post(LaneRequests.Invalid);
        await connection.SendAsync(string.Concat(Enumerable.Repeat(post, 20)));
        var seconds = (int)(connection.Unread / BytesPerSecond);
        Assert.True(seconds > 2 * GraceSeconds);
        connection.Beat(seconds - 1);
        Assert.False(connection.IsAborted);
        connection.Beat(2 * Slack);
        Assert.True(connection.IsAborted);
        connection.Leave();
        await connection.Served;
    }

    [Fact]
    public async Task Answers_MuchLongerThanTheirRequests_AreNotAllMadeBeforeTheyAreRead()
    {
        using var connection = Connect();
        var post = LaneRequests.Post($"[{string.Join(',', Enumerable.Repeat("{}", 13))}]");
        const int Posts = 5000;
        await connection.SendAsync(string.Concat(Enumerable.Repeat(post, Posts)));
        var unread = connection.Unread;
        Assert.InRange(unread, 1 << 16, 1 << 18);
        var answers = await connection.Answers.ReadAsync(Posts);
        Assert.All(answers, answer => Assert.Equal(400, answer.Status));
        Assert.Equal(13 * Posts, _server!.Rejected);
    }
}
