using System.Buffers;
using TradeProcessor.Consumer.Transport;

namespace TradeProcessor.Tests.Unit.Transport;

/// <summary>Who has a connection before Kestrel, and when Kestrel gets it.</summary>
public sealed class FirstServiceTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly UringSizes Sizes = new(Files: 64, Buffers: 16, BufferBytes: 1024);

    public static TheoryData<LoopKind> Loops =>
        [LoopKind.Epoll, LoopKind.OneRing, LoopKind.SeveralRings];

    [Theory, MemberData(nameof(Loops))]
    public async Task Connection_TheFirstServiceKeeps_IsNeverKestrels(LoopKind kind)
    {
        await using var server = Serve(kind, new EchoFirst(leaves: 0));
        using var client = await LoopClient.OpenAsync(server.Address);
        await client.SendAsync("abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), await client.ReceiveAsync(3));
        Assert.Equal(1, server.Open.Count);
        client.End();
        Assert.Empty(await client.ReceiveAsync(1));
        Assert.Equal(0, server.Accepted);
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Connection_TheFirstServiceLeaves_GoesOnAtTheNextByte(LoopKind kind)
    {
        await using var server = Serve(kind, new EchoFirst(leaves: (byte)'#'));
        using var client = await LoopClient.OpenAsync(server.Address);
        await client.SendAsync("abc#def"u8.ToArray());
        Assert.Equal("abc[#def]"u8.ToArray(), await client.ReceiveAsync(9));
        Assert.Equal(1, server.Accepted);
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Stop_WhileTheFirstServiceNeverEnds_DoesNotWaitForIt(LoopKind kind)
    {
        var stuck = new StuckFirst();
        await using var server = Serve(kind, stuck);
        using var client = await LoopClient.OpenAsync(server.Address);
        await stuck.Entered.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await server.StopAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
        stuck.End();
    }

    private LoopServer Serve(LoopKind kind, IFirstService first) =>
        new(kind, Sizes, output, EchoInBracketsAsync, first);

    // In Kestrel's place.
    private static async Task EchoInBracketsAsync(LoopConnection connection)
    {
        var read = await connection.Input.ReadAsync();
        connection.Output.Write("["u8);
        connection.Output.Write(read.Buffer.ToArray());
        connection.Output.Write("]"u8);
        connection.Input.AdvanceTo(read.Buffer.End);
        _ = await connection.Output.FlushAsync();
    }

    /// <summary>Echoes up to a byte that it leaves, with all behind it; 0 for none.</summary>
    private sealed class EchoFirst(byte leaves) : IFirstService
    {
        public async ValueTask<bool> ServeAsync(LoopConnection connection)
        {
            Assert.True(connection.Loop.IsCurrent, "it begins on the loop");
            while (true)
            {
                var read = await connection.Input.ReadAsync();
                var end = read.Buffer.PositionOf(leaves);
                var taken = read.Buffer.Slice(0, end ?? read.Buffer.End);
                connection.Output.Write(taken.ToArray());
                connection.Input.AdvanceTo(taken.End);
                if ((await connection.Output.FlushAsync()).IsCompleted || read.IsCompleted)
                    return false;
                if (end is not null)
                    return true;
            }
        }
    }

    private sealed class StuckFirst : IFirstService
    {
        private readonly TaskCompletionSource _entered =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly TaskCompletionSource<bool> _end =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public void End() => _end.SetResult(false);

        public ValueTask<bool> ServeAsync(LoopConnection connection)
        {
            _entered.SetResult();
            return new ValueTask<bool>(_end.Task);
        }
    }
}
