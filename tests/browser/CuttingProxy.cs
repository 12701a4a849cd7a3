using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Tests.Browser;

/// <summary>Stands before the host and breaks the network: cuts it, or stops reading.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    // Small, so that a stalled connection is full after few messages: the kernel's send buffer is
    // a multiple of the segment, which is 64 KiB on the loopback and as an Ethernet's here.
    private const int BufferBytes = 8 * 1024;
    private const int SegmentBytes = 1460;
    private const int LinuxMaximumSegment = 2; // TCP_MAXSEG

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private CancellationTokenSource _cut = new();
    private volatile bool _refuses;
    private volatile TaskCompletionSource _flow = Opened();

    public CuttingProxy(Uri target)
    {
        _target = new IPEndPoint(IPAddress.Parse(target.Host), target.Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Ends all connections, and each new one at once, until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _refuses = true;
        Interlocked.Exchange(ref _cut, new CancellationTokenSource()).Cancel();
    }

    public void Mend() => _refuses = false;

    /// <summary>Reads nothing more from the host, which must keep what it wants to send.</summary>
    public void Stall() => _flow = new TaskCompletionSource();

    public void Flow() => _flow.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _closing.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _listener.Dispose();
        _closing.Dispose();
        _cut.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var flow = new TaskCompletionSource();
        flow.SetResult();
        return flow;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_closing.Token);
                var connection = ServeAsync(client, _cut.Token);
                _ = _connections.TryAdd(connection, 0);
            }
            catch (Exception exception) when (IsEnd(exception))
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken cut)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cut, _closing.Token);
        using var host = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = BufferBytes,
        };
        host.SetRawSocketOption(
            (int)SocketOptionLevel.Tcp, LinuxMaximumSegment, BitConverter.GetBytes(SegmentBytes));
        using (client)
        {
            if (_refuses)
                return;
            try
            {
                await host.ConnectAsync(_target, ends.Token);
                var answers = CopyAsync(host, client, waits: true, ends.Token);
                var requests = CopyAsync(client, host, waits: false, ends.Token);
                _ = await Task.WhenAny(answers, requests);
                await ends.CancelAsync();
                await Task.WhenAll(answers, requests);
            }
            catch (Exception exception) when (IsEnd(exception))
            {
                // Cut, or ended by either side.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool waits, CancellationToken end)
    {
        var buffer = new byte[BufferBytes];
        while (true)
        {
            if (waits)
                await _flow.Task.WaitAsync(end);
            var read = await from.ReceiveAsync(buffer, end);
            if (read == 0)
                return;
            _ = await to.SendAsync(buffer.AsMemory(0, read), end);
        }
    }

    private static bool IsEnd(Exception exception) => exception
        is OperationCanceledException or SocketException or ObjectDisposedException;
}
