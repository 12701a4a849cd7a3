using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>Limits of time over TCP, by Kestrel's own beat: the same with and without.</summary>
public sealed class LaneHeartbeatTests
{
    private static void Short(KestrelServerLimits limits)
    {
        limits.KeepAliveTimeout = limits.RequestHeadersTimeout = TimeSpan.FromSeconds(2);
        limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(2));
        // What the kernel takes for the client is allowed its time too.
        limits.MinResponseDataRate = new MinDataRate(10 << 20, TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SlowClients_AreEndedWithTheirAnswers(bool lane)
    {
        await using var server = await LaneServer.StartAsync(lane, limits: Short);
        var post = LaneRequests.Post(LaneRequests.Good);
        var ends = await Task.WhenAll(
            EndAsync(server, ""),
            EndAsync(server, post),
            EndAsync(server, post + post[..40]),
            EndAsync(server, post + post[..^10]));
        Assert.Equal(["", "202", "202, 408", "202, 408"], ends);
        Assert.Equal(3, server.TradeLog.Records.Count);
        Assert.Equal(3, server.Metric("trades_accepted_total"));
        Assert.Equal(0, server.Rejected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClientThatReadsNothing_IsCut(bool lane)
    {
        await using var server = await LaneServer.StartAsync(lane, limits: Short);
        using var connection = await RawConnection.OpenAsync(server.Address);
        var posts = string.Concat(Enumerable.Repeat(LaneRequests.Post(LaneRequests.Invalid), 100));
        _ = await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
                await connection.SendAsync(posts);
        });
    }

    private static async Task<string> EndAsync(LaneServer server, string sent)
    {
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync(sent);
        var answers = new List<string>();
        while (await connection.Answers.ReadAsync() is { } answer)
            answers.Add($"{answer.Status}");
        return string.Join(", ", answers);
    }
}
