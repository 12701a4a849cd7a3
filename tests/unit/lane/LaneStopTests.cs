namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>A consumer that stops while it has connections in the lane.</summary>
public sealed class LaneStopTests : IAsyncLifetime
{
    private LaneServer? _server;

    private LaneServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await LaneServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Close_WhileIdle_EndsAtOnce()
    {
        using var connection = new LaneConnection(Server.Lane);
        await connection.SendAsync(LaneRequests.Post(LaneRequests.Invalid));
        connection.RequestClose();
        Assert.True(connection.Served.IsCompleted);
        Assert.Null(connection.ForKestrel);
        Assert.False((await connection.Answers.ReadAsync())!.Closes);
    }

    [Fact]
    public async Task Close_BeforeTheConnectionIsServed_EndsAtOnce()
    {
        using var connection = new LaneConnection(Server.Lane);
        connection.RequestClose();
        await connection.Served;
        Assert.Null(await connection.Answers.ReadAsync());
    }

    [Theory]
    [InlineData(30)]
    [InlineData(300)]
    [InlineData(5000)]
    public async Task Close_WithinARequest_AnswersItAndEnds(int sent)
    {
        using var connection = new LaneConnection(Server.Lane);
        var post = LaneRequests.Post(LaneRequests.Lines(200), "application/x-ndjson");
        await connection.SendAsync(post[..sent]);
        connection.RequestClose();
        Assert.False(connection.Served.IsCompleted);
        await connection.SendAsync(post[sent..]);
        var answer = await connection.Answers.ReadAsync();
        Assert.Equal(202, answer!.Status);
        Assert.True(answer.Closes);
        await connection.Served;
        Assert.Equal(200, Server.TradeLog.Records.Count);
    }

    [Fact]
    public async Task Close_WhileTheLogIsWaitedFor_AnswersAndEnds()
    {
        using var connection = new LaneConnection(Server.Lane);
        Server.TradeLog.Close();
        await connection.SendAsync(
            LaneRequests.Post(LaneRequests.Good) + LaneRequests.Post(LaneRequests.Good));
        connection.RequestClose();
        Assert.False(connection.Served.IsCompleted);
        Server.TradeLog.Open();
        var answers = await connection.Answers.ReadAsync(2);
        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        await connection.Served;
        Assert.Null(await connection.Answers.ReadAsync());
        Assert.Equal(2, Server.TradeLog.Records.Count);
    }

    [Fact]
    public async Task Stop_WithManyConnections_EndsThemAndHasLoggedAllThatWasAcknowledged()
    {
        var connections = new List<RawConnection>();
        for (var i = 0; i < 50; i++)
            connections.Add(await RawConnection.OpenAsync(Server.Address));
        var acknowledged = 0;
        var posting = connections.Select(connection => Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    await connection.SendAsync(LaneRequests.Post(LaneRequests.Good));
                }
                catch (IOException)
                {
                    return;
                }
                if (await connection.Answers.ReadAsync() is not { Status: 202 } answer)
                    return;
                _ = Interlocked.Increment(ref acknowledged);
                if (answer.Closes)
                    return;
            }
        })).ToList();
        using var idle = await RawConnection.OpenAsync(Server.Address);
        await idle.SendAsync(LaneRequests.Post(LaneRequests.Good));
        Assert.Equal(202, (await idle.Answers.ReadAsync())!.Status);
        while (Volatile.Read(ref acknowledged) < 500)
            await Task.Yield();
        await Server.StopAsync();
        await Task.WhenAll(posting);
        Assert.Null(await idle.Answers.ReadAsync());
        connections.ForEach(connection => connection.Dispose());
        // A connection that was cut may have had its trade logged: nothing acknowledged is missing.
        Assert.InRange(Server.TradeLog.Records.Count, acknowledged + 1, acknowledged + 51);
    }
}
