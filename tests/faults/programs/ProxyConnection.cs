using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>A client's connection and the one to the server, with a pump each way.</summary>
internal sealed class ProxyConnection(Socket client, ProxyFaults faults) : IDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _reset = new();
    private readonly (Flow Flow, long Bytes)? _cutAfter = faults.CutAfter;

    public async Task RunAsync(IPEndPoint target, CancellationToken closing)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(_reset.Token, closing);
        try
        {
            client.NoDelay = true;
            await _server.ConnectAsync(target, ends.Token);
            await Task.WhenAll(
                PumpAsync(client, _server, Flow.ToServer, ends.Token),
                PumpAsync(_server, client, Flow.ToClient, ends.Token));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException
                or ObjectDisposedException)
        {
            // Cut here, or by one of the two: the other is to notice.
            Abort(client);
            Abort(_server);
        }
    }

    public void Reset() => _reset.Cancel();

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    public void HalfClose(Flow flow)
    {
        try
        {
            (flow == Flow.ToServer ? _server : client).Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception)
            when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Flow flow, CancellationToken end)
    {
        try
        {
            var left = _cutAfter is { } cut && cut.Flow == flow ? cut.Bytes : long.MaxValue;
            var buffer = new byte[BufferBytes];
            for (int read; (read = await from.ReceiveAsync(buffer, end)) > 0;)
            {
                await faults.PassAsync(end);
                var sent = (int)Math.Min(read, left);
                _ = await to.SendAsync(buffer.AsMemory(0, sent), end);
                left -= sent;
                if (left == 0)
                    Reset();
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Reset();
            throw;
        }
    }

    // A zero linger turns the close into a reset.
    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception)
            when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }
}
