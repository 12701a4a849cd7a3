namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// Connections that are open, up to what the process may open: some descriptors stay free for the
/// log, snapshots and the back end, which must not fail because clients came.
/// </summary>
internal sealed class OpenSockets
{
    private const int KeptFree = 256;

    private readonly long _most = Math.Max(1, Sys.OpenFilesLimit() - KeptFree);
    private long _open;

    /// <summary>False where no further one may be accepted.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _open) <= _most)
            return true;
        _ = Interlocked.Decrement(ref _open);
        return false;
    }

    public void Give() => _ = Interlocked.Decrement(ref _open);
}
