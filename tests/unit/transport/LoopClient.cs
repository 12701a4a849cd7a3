using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Tests.Unit.Transport;

/// <summary>The other end of a connection, with a limit for all that it waits for.</summary>
internal sealed class LoopClient : IDisposable
{
    private readonly Socket _socket =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    /// <param name="receiveBuffer">Bytes that the kernel keeps for it.</param>
    public static async Task<LoopClient> OpenAsync(IPEndPoint address, int receiveBuffer = 0)
    {
        var client = new LoopClient();
        if (receiveBuffer > 0)
            client._socket.ReceiveBufferSize = receiveBuffer;
        await client._socket.ConnectAsync(address, client._limit.Token);
        return client;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, _limit.Token)..];
    }

    /// <summary>Exactly so many bytes; fewer at the end.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        var length = 0;
        while (length < count)
        {
            var received = await _socket.ReceiveAsync(bytes.AsMemory(length), _limit.Token);
            if (received == 0)
                return bytes[..length];
            length += received;
        }
        return bytes;
    }

    /// <summary>Nothing more follows.</summary>
    public void End() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Cuts it without an orderly end.</summary>
    public void Reset() => _socket.Close(0);

    public void Dispose()
    {
        _socket.Dispose();
        _limit.Dispose();
    }
}
