using System.Diagnostics;
using System.Net;
using TradeProcessor.Load.Generation;
using TradeProcessor.Load.Http;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Crowd;

/// <summary>
/// Very many connections of one process: a few bytes for each, and a buffer only for those that are
/// under way. Not thread-safe; all of it happens in <see cref="Turn"/>.
/// </summary>
internal abstract class CrowdSockets : IDisposable
{
    protected const int None = -1;

    private readonly Func<int, IPAddress?> _source;
    private readonly long _timeout;
    private readonly RequestTemplate _template;
    private readonly TradeGenerator _trades;
    private readonly bool[] _isOpen;
    private readonly int[] _flightOf;
    private readonly List<Flight> _flights = [];
    private readonly Stack<int> _free = new();
    private CrowdCounts _counts;
    private long _trade;
    private int _opened;

    /// <param name="firstTrade">Trades of the generator from here on are this crowd's.</param>
    protected CrowdSockets(
        LoadOptions options, Target target, Func<int, IPAddress?> source, long firstTrade)
    {
        EndPoint = target.EndPoint;
        _source = source;
        _trade = firstTrade;
        _timeout = (long)(options.AnswerTimeout.TotalSeconds * Stopwatch.Frequency);
        _template = new RequestTemplate(target, RequestTemplate.OneTrade, options.Headers);
        _trades = new TradeGenerator(options.Seed);
        _isOpen = new bool[options.Hold];
        _flightOf = new int[options.Hold];
        _flightOf.AsSpan().Fill(None);
    }

    public CrowdCounts Counts => _counts;

    /// <summary>From the intended send to the answer, of POSTs over open connections.</summary>
    public LatencyHistogram Latency { get; } = new();

    public int Size => _isOpen.Length;

    public int UnderWay => _flights.Count - _free.Count;

    public bool AllBegun => _opened == Size;

    protected IPEndPoint EndPoint { get; }

    protected int MaxRequestBytes => _template.Length + TradeJson.MaxBytes;

    /// <summary>Begins to open the next connection.</summary>
    public void OpenNext()
    {
        var connection = _opened++;
        if (!TryOpen(connection, _source(connection)))
        {
            _counts = _counts with
            {
                Begun = _counts.Begun + 1,
                Unanswered = _counts.Unanswered + 1,
            };
            return;
        }
        _isOpen[connection] = true;
        _counts = _counts with { Open = _counts.Open + 1 };
        var flight = Board(connection, Stopwatch.GetTimestamp());
        flight.IsFirst = true;
        Begin(flight);
    }

    /// <summary>Whether the connection is open and nothing is under way on it.</summary>
    public bool IsIdle(int connection) => _isOpen[connection] && _flightOf[connection] == None;

    /// <param name="since">Stopwatch ticks of the intended send.</param>
    public void Post(int connection, long since)
    {
        _counts = _counts with { Posts = _counts.Posts + 1 };
        Send(Board(connection, since));
    }

    /// <summary>Waits for events and does what they ask for.</summary>
    public abstract void Turn(TimeSpan timeout);

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

    public abstract void Dispose();

    /// <summary>Begins to connect.</summary>
    /// <returns>False where the system refused at once.</returns>
    protected abstract bool TryOpen(int connection, IPAddress? source);

    /// <summary>Sends once it is connected.</summary>
    protected abstract void Begin(Flight flight);

    protected abstract void Send(Flight flight);

    protected abstract void CloseSocket(int connection);

    protected bool IsOpen(int connection) => _isOpen[connection];

    /// <summary>Null where nothing is under way.</summary>
    protected Flight? FlightOf(int connection) =>
        _flightOf[connection] == None ? null : _flights[_flightOf[connection]];

    protected Flight FlightAt(int index) => _flights[index];

    /// <summary>Writes the POST of the next trade.</summary>
    /// <returns>Its bytes.</returns>
    protected int WriteRequest(Span<byte> request)
    {
        var body = TradeJson.Write(_trades.Make(_trade++), request[_template.Length..]);
        _template.Write(request, body);
        return _template.Length + body;
    }

    /// <summary>More of an answer is there, or no more comes.</summary>
    /// <returns>Whether the answer was whole, which ends the flight.</returns>
    protected bool TryLand(Flight flight, bool ended)
    {
        var connection = flight.Connection;
        var isWhole = TryTake(flight, ended, out var status, out var closes);
        if (isWhole)
            Land(connection, status);
        if (ended || (isWhole && closes))
            Close(connection);
        return isWhole;
    }

    /// <summary>The kernel has read all of the request.</summary>
    protected void OnSent(Flight flight)
    {
        flight.IsSending = false;
        if (flight.Connection == None)
            _free.Push(flight.Index);
    }

    protected void Close(int connection)
    {
        if (!_isOpen[connection])
            return;
        if (_flightOf[connection] != None)
            Land(connection, 0);
        _isOpen[connection] = false;
        CloseSocket(connection);
        _counts = _counts with { Open = _counts.Open - 1 };
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

    private Flight Board(int connection, long since)
    {
        if (!_free.TryPop(out var index))
        {
            index = _flights.Count;
            _flights.Add(new Flight(index));
        }
        var flight = _flights[index];
        flight.Connection = connection;
        flight.Since = since;
        flight.Length = 0;
        flight.IsFirst = flight.IsConnecting = false;
        _flightOf[connection] = index;
        return flight;
    }

    /// <param name="status">Of the answer; 0 where none came.</param>
    private void Land(int connection, int status)
    {
        var flight = _flights[_flightOf[connection]];
        _flightOf[connection] = None;
        flight.Connection = None;
        if (!flight.IsSending)
            _free.Push(flight.Index);
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
}
