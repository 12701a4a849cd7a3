using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using TradeProcessor.Consumer.Lane;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>
/// A connection in memory, with the lane alone at its other end. What is sent has been dealt with
/// when <see cref="SendAsync"/> returns, as far as it needs no log; time passes by beats.
/// </summary>
internal sealed class LaneConnection
    : IDuplexPipe, IConnectionHeartbeatFeature, IConnectionLifetimeNotificationFeature, IDisposable
{
    private readonly Pipe _toLane = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0,
        useSynchronizationContext: false));
    private readonly Pipe _toClient;
    private readonly Context _context;
    private readonly List<Action> _beats = [];
    private readonly CancellationTokenSource _closeRequested = new();

    /// <param name="unreadBytes">Of answers, from which on the lane waits for the client.</param>
    public LaneConnection(TradeLane lane, int unreadBytes = 1 << 16)
    {
        _toClient = new Pipe(new PipeOptions(
            pauseWriterThreshold: unreadBytes, resumeWriterThreshold: unreadBytes / 2,
            useSynchronizationContext: false));
        _context = new Context(this);
        _context.Features.Set<IConnectionHeartbeatFeature>(this);
        _context.Features.Set<IConnectionLifetimeNotificationFeature>(this);
        Answers = new AnswerReader(_toClient.Reader.AsStream());
        Served = ServeAsync(lane);
    }

    public AnswerReader Answers { get; }

    /// <summary>Completes when the lane has left the connection.</summary>
    public Task Served { get; }

    /// <summary>What Kestrel gets of it; null where it gets none.</summary>
    public string? ForKestrel { get; private set; }

    public bool IsAborted => _context.IsAborted;

    /// <summary>Bytes of answers that wait for the client.</summary>
    public long Unread
    {
        get
        {
            if (!_toClient.Reader.TryRead(out var read))
                return 0;
            var length = read.Buffer.Length;
            _toClient.Reader.AdvanceTo(read.Buffer.Start);
            return length;
        }
    }

    public CancellationToken ConnectionClosedRequested
    {
        get => _closeRequested.Token;
        set => throw new NotSupportedException();
    }

    PipeReader IDuplexPipe.Input => _toLane.Reader;

    PipeWriter IDuplexPipe.Output => _toClient.Writer;

    public async Task SendAsync(string text) => await _toLane.Writer.WriteAsync(
        Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>The client ends its side.</summary>
    public void End() => _toLane.Writer.Complete();

    /// <summary>The client goes away without reading more.</summary>
    public void Leave()
    {
        _toLane.Writer.Complete();
        _toClient.Reader.Complete();
    }

    /// <summary>So many seconds pass.</summary>
    public void Beat(int times = 1)
    {
        for (; times > 0; times--)
            _beats.ForEach(beat => beat());
    }

    public void OnHeartbeat(Action<object> action, object state) =>
        _beats.Add(() => action(state));

    /// <summary>As at the end of the program.</summary>
    public void RequestClose() => _closeRequested.Cancel();

    public void Dispose()
    {
        Answers.Dispose();
        _closeRequested.Dispose();
    }

    private async Task ServeAsync(TradeLane lane)
    {
        await lane.Before(KeepAsync)(_context);
        await _toLane.Reader.CompleteAsync();
        await _toClient.Writer.CompleteAsync();
    }

    private Task KeepAsync(ConnectionContext connection)
    {
        ForKestrel = connection.Transport.Input.TryRead(out var read)
            ? Encoding.Latin1.GetString(read.Buffer.ToArray())
            : "";
        return Task.CompletedTask;
    }

    private sealed class Context(IDuplexPipe pipe) : DefaultConnectionContext("test", pipe, pipe)
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason)
        {
            IsAborted = true;
            base.Abort(abortReason);
        }
    }
}
