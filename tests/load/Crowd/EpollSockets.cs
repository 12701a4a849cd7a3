using System.Net;
using TradeProcessor.Load.Epoll;
using TradeProcessor.Load.Http;

namespace TradeProcessor.Load.Crowd;

/// <summary>Over epoll: as many as the process may have files.</summary>
internal sealed class EpollSockets : CrowdSockets
{
    private readonly EpollSet _epoll = new();
    private readonly int[] _sockets;
    private readonly byte[] _request;

    /// <inheritdoc cref="CrowdSockets(LoadOptions, Target, Func{int, IPAddress?}, long)"/>
    public EpollSockets(
        LoadOptions options, Target target, Func<int, IPAddress?> source, long firstTrade)
        : base(options, target, source, firstTrade)
    {
        _sockets = new int[Size];
        _sockets.AsSpan().Fill(None);
        _request = new byte[MaxRequestBytes];
    }

    public override void Turn(TimeSpan timeout)
    {
        var count = _epoll.Wait(timeout);
        for (var i = 0; i < count; i++)
        {
            var (connection, events) = _epoll.Event(i);
            Handle(connection, events);
        }
    }

    public override void Dispose()
    {
        foreach (var socket in _sockets)
        {
            if (socket != None)
                _ = Libc.Close(socket);
        }
        _epoll.Dispose();
    }

    protected override bool TryOpen(int connection, IPAddress? source)
    {
        _sockets[connection] = RawSocket.Open(EndPoint, source);
        return _sockets[connection] != None;
    }

    protected override void Begin(Flight flight)
    {
        flight.IsConnecting = true;
        _epoll.Add(_sockets[flight.Connection], flight.Connection);
    }

    // A few hundred bytes into an empty buffer go at once or never.
    protected override void Send(Flight flight)
    {
        var request = _request.AsSpan(0, WriteRequest(_request));
        if (Libc.Send(_sockets[flight.Connection], request) != request.Length)
            Close(flight.Connection);
    }

    protected override void CloseSocket(int connection)
    {
        _ = Libc.Close(_sockets[connection]);
        _sockets[connection] = None;
    }

    private void Handle(int connection, uint events)
    {
        if (!IsOpen(connection))
            return;
        var isWritable = (events & (EpollSet.Writable | EpollSet.Broken)) != 0;
        var isReadable = (events & ~EpollSet.Writable) != 0;
        if (FlightOf(connection) is not { } flight)
        {
            // Nobody was asked: it is the end, or an answer to nothing.
            if (isReadable)
                Close(connection);
        }
        else if (flight.IsConnecting && isWritable)
        {
            if (!RawSocket.IsConnected(_sockets[connection]))
            {
                Close(connection);
                return;
            }
            flight.IsConnecting = false;
            Send(flight);
        }
        else if (isReadable)
        {
            Receive(flight);
        }
    }

    private void Receive(Flight flight)
    {
        var connection = flight.Connection;
        while (IsOpen(connection))
        {
            var free = flight.Free;
            var count = Libc.Receive(_sockets[connection], free);
            if (count < 0 && Libc.LastError is Libc.TryAgain)
                return;
            flight.Length += Math.Max(0, count);
            if (!TryLand(flight, ended: count <= 0))
                continue;
            // A full buffer may hide the end behind it; an edge comes only once.
            if (count == free.Length && HasEnded(connection))
                Close(connection);
            return;
        }
    }

    private bool HasEnded(int connection)
    {
        if (!IsOpen(connection))
            return true;
        Span<byte> one = stackalloc byte[1];
        return Libc.Receive(_sockets[connection], one) >= 0 || Libc.LastError != Libc.TryAgain;
    }
}
