using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TradeProcessor.Consumer.Transport;

namespace TradeProcessor.Consumer.Lane;

/// <summary>What the lane waits for.</summary>
internal enum LanePhase
{
    /// <summary>The next request; nothing of it has come.</summary>
    Idle,

    /// <summary>The rest of a head.</summary>
    Head,

    /// <summary>The rest of a body.</summary>
    Body,

    /// <summary>The log.</summary>
    Log,

    /// <summary>A client that does not read its answers.</summary>
    Client,

    /// <summary>Nothing more: Kestrel has the connection, or it has ended.</summary>
    Over,
}

internal enum LaneVerdict
{
    None,

    /// <summary>End the connection as soon as no request is under way.</summary>
    Close,

    /// <summary>The head does not come to its end: Kestrel has limits for that.</summary>
    GiveToKestrel,

    /// <summary>The body comes too slowly.</summary>
    BodyTooSlow,
}

/// <summary>
/// Kestrel's limits of time, to a few seconds, for a connection in the lane, by the beats of whoever
/// has it, the loop or Kestrel. The lane says what it waits for and that it goes on; the beats count
/// the seconds in which it did not, so that no request asks for the time.
/// </summary>
internal sealed class LaneWatch : IConnectionWatch, IDisposable
{
    private const int HeadPatienceSeconds = 2;

    private readonly KestrelServerLimits _limits;
    private readonly ConnectionContext _connection;
    private readonly PipeReader _input;
    private readonly CancellationTokenRegistration _closing;

    private volatile LanePhase _phase;
    private volatile LaneVerdict _verdict;
    private int _steps;     // written by the lane
    private int _seenSteps = -1; // by the beat: what was before the first one is no second
    private int _quietSeconds;
    private int _isPressing;
    private long _bytes; // that have come of the body, or are to go to the client

    public LaneWatch(ConnectionContext connection, KestrelServerLimits limits)
    {
        _connection = connection;
        _limits = limits;
        _input = connection.Transport.Input;
        if (connection is LoopConnection { IsKestrels: false } own)
        {
            own.Watch = this;
            return;
        }
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(
            static state => ((LaneWatch)state).Beat(1), this);
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
        {
            _closing = lifetime.ConnectionClosedRequested.UnsafeRegister(
                static state => ((LaneWatch)state!).Decide(LaneVerdict.Close), this);
        }
    }

    public LaneVerdict Verdict => _verdict;

    public LanePhase Phase => _phase;

    public bool IsPressing => Volatile.Read(ref _isPressing) != 0;

    /// <summary>The lane has done something, and waits now for this.</summary>
    /// <param name="bytes">Of answers that are to be sent.</param>
    public void Enter(LanePhase phase, long bytes = 0)
    {
        Count(bytes);
        // What was decided of the step before came too late; only an end is for good.
        if (_verdict is LaneVerdict.GiveToKestrel or LaneVerdict.BodyTooSlow)
            _verdict = LaneVerdict.None;
        _phase = phase;
        Volatile.Write(ref _steps, _steps + 1);
        if (Presses)
            Press();
    }

    /// <summary>So many bytes of the body have come.</summary>
    public void Count(long bytes) => Volatile.Write(ref _bytes, bytes);

    public void Dispose()
    {
        _phase = LanePhase.Over;
        _closing.Dispose();
        if (_connection is LoopConnection own)
            own.Watch = null;
    }

    public void RequestEnd() => Decide(LaneVerdict.Close);

    public void Beat(int seconds)
    {
        var steps = Volatile.Read(ref _steps);
        _quietSeconds = steps == _seenSteps ? _quietSeconds + seconds : 0;
        _seenSteps = steps;
        CalmDown();
        var quiet = TimeSpan.FromSeconds(_quietSeconds);
        switch (_phase)
        {
            case LanePhase.Idle when quiet >= _limits.KeepAliveTimeout:
                Decide(LaneVerdict.Close);
                break;
            case LanePhase.Head when _quietSeconds >= HeadPatienceSeconds:
                Decide(LaneVerdict.GiveToKestrel);
                break;
            case LanePhase.Body when IsBodyTooSlow(_limits.MinRequestBodyDataRate, quiet):
                Decide(LaneVerdict.BodyTooSlow);
                break;
            case LanePhase.Client when IsClientTooSlow(_limits.MinResponseDataRate, quiet):
                _connection.Abort(new ConnectionAbortedException("The client does not read."));
                break;
            default:
                break;
        }
    }

    private bool Presses => _phase is LanePhase.Head or LanePhase.Body or LanePhase.Client;

    private void Press()
    {
        if (Interlocked.Exchange(ref _isPressing, 1) == 0
            && _connection is LoopConnection { IsKestrels: false } own)
        {
            own.Loop.Press(own);
        }
    }

    // What begins to press meanwhile either finds that it does not yet, or is found here.
    private void CalmDown()
    {
        if (!IsPressing || Presses)
            return;
        _ = Interlocked.Exchange(ref _isPressing, 0);
        if (Presses)
            _ = Interlocked.Exchange(ref _isPressing, 1);
    }

    private bool IsBodyTooSlow(MinDataRate? least, TimeSpan since) =>
        least is not null
        && since >= least.GracePeriod
        && Volatile.Read(ref _bytes) < least.BytesPerSecond * since.TotalSeconds;

    // Longer where so many bytes may take longer.
    private bool IsClientTooSlow(MinDataRate? least, TimeSpan since) =>
        least is not null
        && since >= least.GracePeriod
        && Volatile.Read(ref _bytes) <= least.BytesPerSecond * since.TotalSeconds;

    private void Decide(LaneVerdict verdict)
    {
        if (_phase == LanePhase.Over)
            return;
        _verdict = verdict;
        _input.CancelPendingRead();
    }
}
