namespace TradeProcessor.Consumer.Transport;

/// <summary>Counts what is open, up to a limit. Thread-safe.</summary>
internal sealed class OpenSockets(long most)
{
    /// <summary>
    /// Descriptors that stay free for the log, snapshots and the back end, which must not fail
    /// because clients came.
    /// </summary>
    public const int KeptFree = 256;

    private long _open;

    /// <summary>False where no further one may be opened.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _open) <= most)
            return true;
        _ = Interlocked.Decrement(ref _open);
        return false;
    }

    public void Give() => _ = Interlocked.Decrement(ref _open);
}
