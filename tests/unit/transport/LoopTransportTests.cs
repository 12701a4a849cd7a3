using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using TradeProcessor.Consumer.Transport;
using TradeProcessor.Tests.Unit.Parsing;

namespace TradeProcessor.Tests.Unit.Transport;

/// <summary>What every loop promises of a connection, whatever it is made of.</summary>
public sealed class LoopTransportTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A test must not go on within a loop.
    private const TaskCreationOptions Elsewhere =
        TaskCreationOptions.RunContinuationsAsynchronously;

    private static readonly UringSizes Usual = new(Files: 64, Buffers: 16, BufferBytes: 1024);

    public static TheoryData<LoopKind> Loops =>
        [LoopKind.Epoll, LoopKind.OneRing, LoopKind.SeveralRings];

    private LoopServer Serve(
        LoopKind kind, Func<LoopConnection, Task> serve, UringSizes? sizes = null) =>
        new(kind, sizes ?? Usual, output, serve);

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static Task EchoInlineAsync(LoopConnection connection) =>
        EchoAsync(connection, isInline: true);

    private static Task EchoPooledAsync(LoopConnection connection) =>
        EchoAsync(connection, isInline: false);

    private static async Task EchoAsync(LoopConnection connection, bool isInline)
    {
        connection.IsInline = isInline;
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        while (true)
        {
            var read = await input.ReadAsync();
            foreach (var piece in read.Buffer)
                output.Write(piece.Span);
            input.AdvanceTo(read.Buffer.End);
            if ((await output.FlushAsync()).IsCompleted || read.IsCompleted)
                return;
        }
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Connections_ManyMoreThanRoom_AreAllServed(LoopKind kind)
    {
        const int Clients = 100;
        await using var server = Serve(kind, EchoInlineAsync, Usual with { Files = 8 });
        await Parallel.ForAsync(0, Clients, async (i, _) =>
        {
            using var client = await LoopClient.OpenAsync(server.Address);
            var sent = Bytes(i, 300);
            await client.SendAsync(sent);
            Assert.Equal(sent, await client.ReceiveAsync(sent.Length));
        });
        Assert.Equal(Clients, server.Accepted);
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Visit_InParts_ComesToEachConnectionOnce(LoopKind kind)
    {
        const int Clients = 50;
        await using var server = Serve(kind, EchoInlineAsync);
        var clients = new List<LoopClient>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await LoopClient.OpenAsync(server.Address));
            await clients[i].SendAsync(new byte[1]);
            _ = await clients[i].ReceiveAsync(1);
        }
        foreach (var parts in (int[])[1, 3, ConnectionLoop.BeatParts])
        {
            var visits = await server.VisitAsync(parts).WaitAsync(Limit, Cancellation);
            Assert.Equal(Clients, visits.Count);
            Assert.All(visits.Values, count => Assert.Equal(1, count));
        }
        clients.ForEach(client => client.Dispose());
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Beat_OfManySeconds_TellsEachConnectionOfAllOfThem(LoopKind kind)
    {
        const int Clients = 30;
        const int Seconds = 16;
        const int CalmSeconds = 4;
        await using var server = Serve(kind, EchoInlineAsync);
        var clients = new List<LoopClient>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await LoopClient.OpenAsync(server.Address));
            await clients[i].SendAsync(new byte[1]);
            _ = await clients[i].ReceiveAsync(1);
        }
        var counters = await server.BeatAsync(Seconds, CalmSeconds, client => client % 3 == 0)
            .WaitAsync(Limit, Cancellation);
        Assert.Equal(Clients, counters.Count);
        Assert.All(counters, counter =>
        {
            Assert.Equal(Seconds, counter.Seconds);
            Assert.Equal(counter.IsPressing ? Seconds : Seconds / CalmSeconds, counter.Beats);
        });
        clients.ForEach(client => client.Dispose());
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Answers_FromOtherThreadsToLoopsThatSleep_AreSentAtOnce(
        LoopKind kind)
    {
        const int Clients = 12;
        const int Rounds = 50;
        await using var server = Serve(kind, EchoPooledAsync, Usual with { Files = Clients });
        var since = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Clients, async (_, _) =>
        {
            using var client = await LoopClient.OpenAsync(server.Address);
            for (var round = 0; round < Rounds; round++)
            {
                await client.SendAsync(new byte[1]);
                Assert.Single(await client.ReceiveAsync(1));
            }
        });
        // Nothing else wakes the loop: a signal that is lost is a round that never ends.
        output.WriteLine($"{Stopwatch.GetElapsedTime(since).TotalMilliseconds:0} ms");
    }

    /// <summary>TRADE_FUZZ_SEED for another run.</summary>
    [Theory, MemberData(nameof(Loops))]
    public async Task Slots_UsedAgainWhileOthersEnd_MixNothingUp(LoopKind kind)
    {
        var seed = FuzzSettings.Seed;
        output.WriteLine($"TRADE_FUZZ_SEED={seed}");
        var turn = 0;
        await using var server = Serve(
            kind,
            connection => EchoAsync(connection, Interlocked.Increment(ref turn) % 2 == 0),
            new UringSizes(Files: 12, Buffers: 4, BufferBytes: 512));
        await Parallel.ForAsync(
            0, 600, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (i, _) =>
            {
                var random = new Random(seed + i);
                using var client = await LoopClient.OpenAsync(server.Address);
                var sent = Bytes(seed + i, random.Next(1, 5000));
                await client.SendAsync(sent);
                var read = random.Next(4) == 0 ? random.Next(sent.Length) : sent.Length;
                Assert.Equal(sent[..read], await client.ReceiveAsync(read));
                if (random.Next(2) == 0)
                    client.Reset();
            });
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task LongStream_EchoedInlineAndPooled_ComesBackWhole(LoopKind kind)
    {
        foreach (var echo in (Func<LoopConnection, Task>[])[EchoInlineAsync, EchoPooledAsync])
        {
            await using var server = Serve(kind, echo);
            using var client = await LoopClient.OpenAsync(server.Address);
            var sent = Bytes(5, 8 << 20);
            var received = client.ReceiveAsync(sent.Length);
            await client.SendAsync(sent);
            Assert.Equal(sent, await received);
        }
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Read_OfABeginning_GoesOnWithAllOfIt(LoopKind kind)
    {
        var sent = Bytes(6, 20_000);
        var got = new TaskCompletionSource<byte[]>(Elsewhere);
        await using var server = Serve(kind, async connection =>
        {
            connection.IsInline = true;
            var input = connection.Transport.Input;
            while (true)
            {
                var read = await input.ReadAsync();
                if (read.Buffer.Length >= sent.Length)
                {
                    got.SetResult(read.Buffer.ToArray());
                    return;
                }
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                connection.Transport.Output.Write("."u8);
                await connection.Transport.Output.FlushAsync();
            }
        });
        using var client = await LoopClient.OpenAsync(server.Address);
        for (var at = 0; at < sent.Length; at += 2500)
        {
            await client.SendAsync(sent.AsMemory(at, 2500));
            _ = await client.ReceiveAsync(1);
        }
        Assert.Equal(sent, await got.Task.WaitAsync(Limit, Cancellation));
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Client_ThatEndsItsSide_StillGetsItsAnswer(LoopKind kind)
    {
        await using var server = Serve(kind, EchoInlineAsync);
        using var client = await LoopClient.OpenAsync(server.Address);
        var sent = Bytes(7, 100_000);
        var received = client.ReceiveAsync(sent.Length + 1);
        await client.SendAsync(sent);
        client.End();
        Assert.Equal(sent, await received);
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Client_ThatEndsItsSide_DoesNotEndTheTokenWhileItsAnswerIsMade(LoopKind kind)
    {
        await using var server = Serve(kind, async connection =>
        {
            var closed = connection.ConnectionClosed; // asked for, so it is watched
            var input = connection.Transport.Input;
            var read = await input.ReadAsync();
            while (!read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await input.ReadAsync();
            }
            // The loop has had every event of the end that was read; a token would be cancelled on
            // the thread pool.
            await Task.Delay(20, Cancellation);
            connection.Transport.Output.Write(
                closed.IsCancellationRequested ? "gone"u8 : "here"u8);
            await connection.Transport.Output.FlushAsync();
        });
        using var client = await LoopClient.OpenAsync(server.Address);
        await client.SendAsync(new byte[1]);
        client.End();
        Assert.Equal("here"u8.ToArray(), await client.ReceiveAsync(5));
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Client_ThatDoesNotRead_HoldsUpTheFlushAndGetsAllOfIt(
        LoopKind kind)
    {
        const int Pieces = 400;
        var piece = Bytes(8, 50_000);
        var written = 0;
        await using var server = Serve(kind, async connection =>
        {
            connection.IsInline = true;
            for (var i = 0; i < Pieces; i++)
            {
                connection.Transport.Output.Write(piece);
                if ((await connection.Transport.Output.FlushAsync()).IsCompleted)
                    return;
                Volatile.Write(ref written, i + 1);
            }
        });
        using var client = await LoopClient.OpenAsync(server.Address, receiveBuffer: 1 << 16);
        // It stands still at what the kernel takes, some megabytes.
        await UntilStillAsync(() => Volatile.Read(ref written));
        Assert.InRange(Volatile.Read(ref written), 1, Pieces - 1);
        for (var i = 0; i < Pieces; i++)
            Assert.Equal(piece, await client.ReceiveAsync(piece.Length));
        Assert.Empty(await client.ReceiveAsync(1));
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Dispose_WhileAReadWaits_EndsItAndGivesTheRoomToTheNext(
        LoopKind kind)
    {
        var waits = new ConcurrentQueue<Task>();
        await using var server = Serve(
            kind,
            connection =>
            {
                waits.Enqueue(connection.Transport.Input.ReadAsync().AsTask());
                return Task.CompletedTask;
            },
            Usual with { Files = 1 });
        for (var i = 0; i < 3; i++)
        {
            using var client = await LoopClient.OpenAsync(server.Address);
            Assert.Empty(await client.ReceiveAsync(1));
        }
        Assert.Equal(3, waits.Count);
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Read_Cancelled_GoesOnAfterwardsWithNothingLost(LoopKind kind)
    {
        var isWaiting = new TaskCompletionSource<LoopConnection>(Elsewhere);
        var cancelled = new TaskCompletionSource<bool>(Elsewhere);
        await using var server = Serve(kind, async connection =>
        {
            var reading = connection.Transport.Input.ReadAsync();
            isWaiting.SetResult(connection);
            cancelled.SetResult((await reading).IsCanceled);
            await EchoPooledAsync(connection);
        });
        using var client = await LoopClient.OpenAsync(server.Address);
        (await isWaiting.Task.WaitAsync(Limit, Cancellation)).Transport.Input.CancelPendingRead();
        Assert.True(await cancelled.Task.WaitAsync(Limit, Cancellation));
        var sent = Bytes(9, 3000);
        await client.SendAsync(sent);
        Assert.Equal(sent, await client.ReceiveAsync(sent.Length));
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Client_ThatResets_EndsTheTokenOfAConnectionThatIsNotRead(
        LoopKind kind)
    {
        var ended = new TaskCompletionSource(Elsewhere);
        var isWatched = new TaskCompletionSource(Elsewhere);
        await using var server = Serve(kind, async connection =>
        {
            using var registered =
                connection.ConnectionClosed.Register(ended.SetResult);
            isWatched.SetResult();
            await ended.Task;
        });
        using var client = await LoopClient.OpenAsync(server.Address);
        await isWatched.Task.WaitAsync(Limit, Cancellation);
        client.Reset();
        await ended.Task.WaitAsync(Limit, Cancellation);
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Abort_WhileAFlushWaits_EndsIt(LoopKind kind)
    {
        var over = new TaskCompletionSource<bool>(Elsewhere);
        var begun = new TaskCompletionSource<LoopConnection>(Elsewhere);
        await using var server = Serve(kind, async connection =>
        {
            connection.Transport.Output.Write(new byte[32 << 20]);
            var flush = connection.Transport.Output.FlushAsync();
            begun.SetResult(connection);
            over.SetResult((await flush).IsCompleted);
        });
        using var client = await LoopClient.OpenAsync(server.Address, receiveBuffer: 1 << 16);
        (await begun.Task.WaitAsync(Limit, Cancellation)).Abort(new ConnectionAbortedException("test"));
        Assert.True(await over.Task.WaitAsync(Limit, Cancellation));
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Buffers_AllHeldByReaders_HoldNobodyUp(LoopKind kind)
    {
        const int Clients = 10;
        var goOn = new TaskCompletionSource(Elsewhere);
        using var read = new SemaphoreSlim(0);
        await using var server = Serve(
            kind,
            async connection =>
            {
                connection.IsInline = true;
                var input = connection.Transport.Input;
                var result = await input.ReadAsync();
                read.Release();
                await goOn.Task;
                connection.Transport.Output.Write(result.Buffer.ToArray());
                input.AdvanceTo(result.Buffer.End);
                await connection.Transport.Output.FlushAsync();
            },
            new UringSizes(Files: 32, Buffers: 2, BufferBytes: 512));
        var clients = new List<LoopClient>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await LoopClient.OpenAsync(server.Address));
            await clients[i].SendAsync(Bytes(i, 200));
        }
        for (var i = 0; i < Clients; i++)
            Assert.True(await read.WaitAsync(Limit, Cancellation));
        goOn.SetResult();
        for (var i = 0; i < Clients; i++)
        {
            Assert.Equal(Bytes(i, 200), await clients[i].ReceiveAsync(200));
            clients[i].Dispose();
        }
    }

    [Theory, MemberData(nameof(Loops))]
    public async Task Dispose_WithBytesOnTheirWay_SendsThemToAClientThatReads(
        LoopKind kind)
    {
        var answer = Bytes(10, 15_000);
        await using var server = Serve(kind, async connection =>
        {
            connection.IsInline = true;
            _ = await connection.Transport.Input.ReadAsync();
            connection.Transport.Output.Write(answer);
            await connection.Transport.Output.FlushAsync();
        });
        using var client = await LoopClient.OpenAsync(server.Address);
        await client.SendAsync(new byte[1]);
        Assert.Equal(answer, await client.ReceiveAsync(answer.Length + 1));
    }

    private static async Task UntilStillAsync(Func<int> count)
    {
        using var limit = new CancellationTokenSource(Limit);
        for (var (last, same) = (-1, 0); same < 10;)
        {
            await Task.Delay(30, limit.Token);
            same = count() == last && last > 0 ? same + 1 : 0;
            last = count();
        }
    }
}
