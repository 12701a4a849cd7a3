namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>A limit of Kestrel's that counts connections holds for those in the lane.</summary>
public sealed class LaneLimitTests
{
    [Fact]
    public async Task MaxConcurrentConnections_OneMore_IsClosedUnserved()
    {
        await using var server = await LaneServer.StartAsync(
            limits: limits => limits.MaxConcurrentConnections = 1);
        using var first = await RawConnection.OpenAsync(server.Address);
        await first.SendAsync(LaneRequests.Post(LaneRequests.Good));
        Assert.Equal(202, (await first.Answers.ReadAsync())!.Status);

        using var second = await RawConnection.OpenAsync(server.Address);
        Assert.Null(await second.Answers.ReadAsync());
        await first.SendAsync(LaneRequests.Post(LaneRequests.Good));
        Assert.Equal(202, (await first.Answers.ReadAsync())!.Status);
        Assert.Equal(2, server.TradeLog.Records.Count);
    }
}
