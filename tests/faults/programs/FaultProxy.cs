using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>Which way bytes go through a proxy.</summary>
internal enum Flow
{
    ToServer,
    ToClient,
}

/// <summary>
/// Stands between a client and a server, and breaks the network at run time. Buffers are bounded: of
/// what it does not forward it holds one buffer for each connection and direction, the rest waits
/// with whoever sends it.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProxyConnection, Task> _connections = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly IPEndPoint _target;
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public FaultProxy(int targetPort)
    {
        _target = new IPEndPoint(IPAddress.Loopback, targetPort);
        Port = Ports.Free();
        Listen();
    }

    public int Port { get; }

    /// <summary>Read by all connections.</summary>
    public ProxyFaults Faults { get; } = new();

    /// <summary>Everything flows again; connections that were cut stay cut.</summary>
    public void Pass()
    {
        Faults.Clear();
        if (_listener is null)
            Listen();
    }

    /// <summary>Connections are accepted and bytes taken, but none comes out.</summary>
    public void BlackHole() => Faults.Hold();

    /// <summary>What goes either way comes out so much later.</summary>
    public void Delay(TimeSpan delay) => Faults.Delay = delay;

    /// <summary>Each connection that is made from now on is cut after so many bytes.</summary>
    public void CutAfter(Flow flow, long bytes) => Faults.CutAfter = (flow, bytes);

    /// <summary>Resets all connections; new ones are let in.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Keys)
            connection.Reset();
    }

    /// <summary>Resets all connections; nobody listens any more.</summary>
    public void Refuse()
    {
        _listener?.Dispose();
        _listener = null;
        Cut();
    }

    /// <summary>Says on all connections that nothing more comes that way; the other stays.</summary>
    public void HalfClose(Flow flow)
    {
        foreach (var connection in _connections.Keys)
            connection.HalfClose(flow);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Refuse();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _closing.Dispose();
    }

    private void Listen()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptSocketAsync(_closing.Token);
                var connection = new ProxyConnection(client, Faults);
                _connections[connection] = ServeAsync(connection);
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or SocketException
                    or ObjectDisposedException or InvalidOperationException)
            {
                return; // refused, or the end
            }
        }
    }

    private async Task ServeAsync(ProxyConnection connection)
    {
        await Task.Yield(); // it is listed first
        await connection.RunAsync(_target, _closing.Token);
        connection.Dispose();
        _ = _connections.TryRemove(connection, out _);
    }
}
