using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Load.Http;

/// <summary>
/// One keep-alive connection, used by one task at a time; only <see cref="Abort"/> may come from
/// elsewhere. Requests are framed by the caller, answers are read in order.
/// </summary>
internal sealed class HttpConnection(Target target, IPAddress? source, int bufferBytes)
    : IDisposable
{
    // A server may drop a connection that has been idle; sending into it would make an outcome
    // unknown for nothing. A second is far below every idle limit.
    private static readonly long IdleTicks = Stopwatch.Frequency;

    private byte[] _buffer = new byte[bufferBytes];
    private int _start;
    private int _end;
    private long _lastUsed;
    private long _awaitingSince;
    private volatile Socket? _socket;

    public bool IsOpen => _socket is not null;

    /// <summary>Timestamp since which an answer is owed, 0 where none is.</summary>
    public long AwaitingSince => Volatile.Read(ref _awaitingSince);

    /// <summary>This side cut it: the answer was overdue, or the run interrupted.</summary>
    public bool WasAborted { get; private set; }

    /// <exception cref="SocketException">Refused, unreachable, out of ports.</exception>
    public async ValueTask ConnectAsync(CancellationToken stop)
    {
        Close();
        var socket = new Socket(target.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        try
        {
            if (source is not null)
                socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(target.EndPoint, stop);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _start = _end = 0;
        WasAborted = false;
        _lastUsed = Stopwatch.GetTimestamp();
        _socket = socket;
    }

    /// <summary>True where the server has closed the connection while nothing was owed.</summary>
    public bool IsStale()
    {
        if (_socket is not { } socket)
            return true;
        return Stopwatch.GetTimestamp() - _lastUsed > IdleTicks && HasEnded(socket);
    }

    /// <summary>Asks the socket, whatever the time of its last use.</summary>
    public bool HasEnded() => _socket is not { } socket || HasEnded(socket);

    /// <exception cref="SocketException">The connection was cut.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> request)
    {
        Volatile.Write(ref _awaitingSince, Stopwatch.GetTimestamp());
        var socket = _socket ?? throw new SocketException((int)SocketError.NotConnected);
        while (request.Length > 0)
            request = request[await socket.SendAsync(request)..];
    }

    /// <exception cref="SocketException">Cut before a whole answer had come.</exception>
    /// <exception cref="ProtocolException">What came is not an answer.</exception>
    public async ValueTask<Answer> ReadAsync()
    {
        var socket = _socket ?? throw new SocketException((int)SocketError.NotConnected);
        var ended = false;
        while (true)
        {
            if (TryTake(ended, out var answer))
                return answer;
            if (ended)
                throw new SocketException((int)SocketError.ConnectionReset);

            MakeRoom();
            var count = await socket.ReceiveAsync(_buffer.AsMemory(_end));
            ended = count == 0;
            _end += count;
        }
    }

    /// <summary>Nothing more is owed: the watch must not count the pause.</summary>
    public void Settle()
    {
        _lastUsed = Stopwatch.GetTimestamp();
        Volatile.Write(ref _awaitingSince, 0);
    }

    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
        Volatile.Write(ref _awaitingSince, 0);
    }

    /// <summary>Cuts the connection under a pending read, which then fails.</summary>
    public void Abort()
    {
        WasAborted = true;
        _socket?.Dispose();
    }

    public void Dispose() => Close();

    /// <summary>The connection is lost, and with it the answers that it owed.</summary>
    public static bool IsLoss(Exception e) =>
        e is SocketException or ProtocolException or ObjectDisposedException;

    private static bool HasEnded(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private bool TryTake(bool ended, out Answer answer)
    {
        answer = default;
        while (_end > _start)
        {
            var received = _buffer.AsSpan(_start, _end - _start);
            var taken = AnswerParser.Parse(received, ended, out var head, out var body);
            if (taken == 0)
                return false;

            var memory = _buffer.AsMemory(_start, taken)[body];
            _start += taken;
            // 100 Continue and its like announce an answer, they are none.
            if (head.Status < 200)
                continue;

            answer = new Answer(head.Status, head.RetryAfter, head.Closes, memory);
            return true;
        }

        return false;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_start > 0 && _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        // AnswerParser refuses an answer long before this could overflow.
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
