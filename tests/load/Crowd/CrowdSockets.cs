using System.Diagnostics;
using System.Net;
using TradeProcessor.Load.Epoll;
using TradeProcessor.Load.Generation;
using TradeProcessor.Load.Http;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Crowd;

/// <summary>
/// Very many connections of one process: eight bytes for each, and a buffer only for those that are
/// under way. Not thread-safe; all of it happens in <see cref="Turn"/>.
/// </summary>
internal sealed class CrowdSockets : IDisposable
{
    private const int None = -1;

    private readonly Target _target;
    private readonly Func<int, IPAddress?> _source;
    private readonly long _timeout;
    private readonly RequestTemplate _template;
    private readonly byte[] _request;
    private readonly TradeGenerator _trades;
    private readonly EpollSet _epoll = new();
    private readonly int[] _sockets;
    private readonly int[] _flightOf;
    private readonly List<Flight> _flights = [];
    private readonly Stack<int> _free = new();
    private CrowdCounts _counts;
    private long _trade;
    private int _opened;

    /// <param name="firstTrade">Trades of the generator from here on are this crowd's.</param>
    public CrowdSockets(
        LoadOptions options, Target target, Func<int, IPAddress?> source, long firstTrade)
    {
        _target = target;
        _source = source;
        _trade = firstTrade;
        _timeout = (long)(options.AnswerTimeout.TotalSeconds * Stopwatch.Frequency);
        _template = new RequestTemplate(target, RequestTemplate.OneTrade, options.Headers);
        _request = new byte[_template.Length + TradeJson.MaxBytes];
        _trades = new TradeGenerator(options.Seed);
        _sockets = new int[options.Hold];
        _flightOf = new int[options.Hold];
        _sockets.AsSpan().Fill(None);
        _flightOf.AsSpan().Fill(None);
    }

    public CrowdCounts Counts => _counts;

    /// <summary>From the intended send to the answer, of POSTs over open connections.</summary>
    public LatencyHistogram Latency { get; } = new();

    public int Size => _sockets.Length;

    public int UnderWay => _flights.Count - _free.Count;

    public bool AllBegun => _opened == Size;

    /// <summary>Begins to open the next connection.</summary>
    public void OpenNext()
    {
        var connection = _opened++;
        var socket = RawSocket.Open(_target.EndPoint, _source(connection));
        if (socket < 0)
        {
            _counts = _counts with
            {
                Begun = _counts.Begun + 1,
                Unanswered = _counts.Unanswered + 1,
            };
            return;
        }
        _sockets[connection] = socket;
        _counts = _counts with { Open = _counts.Open + 1 };
        var flight = Board(connection, Stopwatch.GetTimestamp());
        flight.IsFirst = true;
        flight.IsConnecting = true;
        _epoll.Add(socket, connection);
    }

    /// <summary>Whether the connection is open and nothing is under way on it.</summary>
    public bool IsIdle(int connection) =>
        _sockets[connection] != None && _flightOf[connection] == None;

    /// <param name="since">Stopwatch ticks of the intended send.</param>
    public void Post(int connection, long since)
    {
        _counts = _counts with { Posts = _counts.Posts + 1 };
        var flight = Board(connection, since);
        flight.IsFirst = false;
        flight.IsConnecting = false;
        Send(flight);
    }

    /// <summary>Waits for events and does what they ask for.</summary>
    public void Turn(TimeSpan timeout)
    {
        var count = _epoll.Wait(timeout);
        for (var i = 0; i < count; i++)
        {
            var (connection, events) = _epoll.Event(i);
            Handle(connection, events);
        }
    }

    /// <summary>Cuts what waits for longer than the limit.</summary>
    public void CutLate()
    {
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < _flights.Count; i++)
        {
            var connection = _flights[i].Connection;
            if (connection != None && now - _flights[i].Since > _timeout)
                Close(connection);
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            if (socket != None)
                _ = Libc.Close(socket);
        }
        _epoll.Dispose();
    }

    private void Handle(int connection, uint events)
    {
        if (_sockets[connection] == None)
            return;
        if (_flightOf[connection] == None)
        {
            // Nobody was asked: it is the end, or an answer to nothing.
            if ((events & ~EpollSet.Writable) != 0)
                Close(connection);
            return;
        }
        var flight = _flights[_flightOf[connection]];
        if (flight.IsConnecting && (events & (EpollSet.Writable | EpollSet.Broken)) != 0)
        {
            if (!RawSocket.IsConnected(_sockets[connection]))
            {
                Close(connection);
                return;
            }
            flight.IsConnecting = false;
            Send(flight);
        }
        else if ((events & ~EpollSet.Writable) != 0)
        {
            Receive(flight);
        }
    }

    // A few hundred bytes into an empty buffer go at once or never.
    private void Send(Flight flight)
    {
        var body = TradeJson.Write(_trades.Make(_trade++), _request.AsSpan(_template.Length));
        _template.Write(_request, body);
        var request = _request.AsSpan(0, _template.Length + body);
        if (Libc.Send(_sockets[flight.Connection], request) != request.Length)
            Close(flight.Connection);
    }

    private void Receive(Flight flight)
    {
        var connection = flight.Connection;
        while (true)
        {
            var free = flight.Free;
            var count = Libc.Receive(_sockets[connection], free);
            if (count < 0 && Libc.LastError is Libc.TryAgain)
                return;
            if (count > 0)
                flight.Length += count;
            if (!TryTake(flight, count <= 0, out var status, out var closes))
            {
                if (count <= 0)
                {
                    Close(connection);
                    return;
                }
                continue;
            }
            Land(connection, status);
            // A full buffer may hide the end behind it; an edge comes only once.
            if (closes || count <= 0 || (count == free.Length && HasEnded(connection)))
                Close(connection);
            return;
        }
    }

    private static bool TryTake(Flight flight, bool ended, out int status, out bool closes)
    {
        (status, closes) = (0, false);
        try
        {
            var received = flight.Received.AsSpan(0, flight.Length);
            var taken = AnswerParser.Parse(received, ended, out var head, out _);
            (status, closes) = (head.Status, head.Closes);
            return taken > 0;
        }
        catch (ProtocolException)
        {
            (status, closes) = (0, true);
            return true;
        }
    }

    private bool HasEnded(int connection)
    {
        Span<byte> one = stackalloc byte[1];
        return Libc.Receive(_sockets[connection], one) >= 0 || Libc.LastError != Libc.TryAgain;
    }

    private Flight Board(int connection, long since)
    {
        if (!_free.TryPop(out var index))
        {
            index = _flights.Count;
            _flights.Add(new Flight());
        }
        var flight = _flights[index];
        flight.Connection = connection;
        flight.Since = since;
        flight.Length = 0;
        _flightOf[connection] = index;
        return flight;
    }

    /// <param name="status">Of the answer; 0 where none came.</param>
    private void Land(int connection, int status)
    {
        var index = _flightOf[connection];
        var flight = _flights[index];
        _flightOf[connection] = None;
        flight.Connection = None;
        _free.Push(index);
        var (accepted, other, lost) = (status == 202, status is not (0 or 202), status == 0);
        if (flight.IsFirst)
        {
            _counts = _counts with
            {
                Begun = _counts.Begun + 1,
                Accepted = _counts.Accepted + (accepted ? 1 : 0),
                Other = _counts.Other + (other ? 1 : 0),
                Unanswered = _counts.Unanswered + (lost ? 1 : 0),
            };
            return;
        }
        if (!lost)
            Latency.RecordTicks(Stopwatch.GetTimestamp() - flight.Since);
        _counts = _counts with
        {
            PostsAccepted = _counts.PostsAccepted + (accepted ? 1 : 0),
            PostsOther = _counts.PostsOther + (other ? 1 : 0),
            PostsUnanswered = _counts.PostsUnanswered + (lost ? 1 : 0),
        };
    }

    private void Close(int connection)
    {
        if (_flightOf[connection] != None)
            Land(connection, 0);
        _ = Libc.Close(_sockets[connection]);
        _sockets[connection] = None;
        _counts = _counts with { Open = _counts.Open - 1 };
    }
}
