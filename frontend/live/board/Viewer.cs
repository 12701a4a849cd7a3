namespace TradeProcessor.Frontend.Live;

/// <summary>Where a viewer's messages go.</summary>
internal interface IViewerLink
{
    /// <summary>Completes when the connection has taken the message.</summary>
    ValueTask SendAsync(LiveMessage message);

    /// <summary>Ends the connection at once.</summary>
    void Cut();
}

/// <summary>
/// One browser: what it watches and a short queue of messages for it. One message is under way at
/// a time; nobody waits for it. Where the queue is full, all of it goes but the newest: the browser
/// sees the gap and asks for the present state.
/// </summary>
internal sealed class Viewer(View view, IViewerLink link, int queueLength, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<LiveMessage> _waiting = new(queueLength);
    private bool _sending;
    private bool _closed;
    private long _sendingSince;

    public View View { get; set; } = view;

    /// <summary>Messages that were dropped.</summary>
    public long Dropped { get; private set; }

    public void Offer(LiveMessage message)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (_sending)
            {
                if (_waiting.Count == queueLength)
                {
                    Dropped += queueLength;
                    _waiting.Clear();
                }
                _waiting.Enqueue(message);
                return;
            }
            _sending = true;
            _sendingSince = time.GetTimestamp();
        }
        // Most messages are taken at once, without a change of threads.
        _ = SendAsync(message);
    }

    /// <summary>
    /// Cuts it off where one message has been under way for longer than the limit.
    /// </summary>
    public bool CutIfStuck(TimeSpan limit)
    {
        lock (_gate)
        {
            if (_closed || !_sending || time.GetElapsedTime(_sendingSince) < limit)
                return false;
            _closed = true;
        }
        link.Cut();
        return true;
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _waiting.Clear();
        }
    }

    private async Task SendAsync(LiveMessage first)
    {
        try
        {
            await link.SendAsync(first).ConfigureAwait(false);
            while (Next() is { } message)
                await link.SendAsync(message).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException
            or OperationCanceledException or InvalidOperationException)
        {
            Close(); // The connection broke; its end is told to the hub.
        }
    }

    private LiveMessage? Next()
    {
        lock (_gate)
        {
            if (_closed || !_waiting.TryDequeue(out var message))
            {
                _sending = false;
                return null;
            }
            _sendingSince = time.GetTimestamp();
            return message;
        }
    }
}
