namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>What is wrong with the network now. Set by the test, read by the connections.</summary>
internal sealed class ProxyFaults
{
    private volatile TaskCompletionSource _open = Opened();
    private long _delayTicks;
    private volatile object? _cutAfter;

    public TimeSpan Delay
    {
        get => new(Volatile.Read(ref _delayTicks));
        set => Volatile.Write(ref _delayTicks, value.Ticks);
    }

    /// <summary>Null for no cut.</summary>
    public (Flow Flow, long Bytes)? CutAfter
    {
        get => _cutAfter as (Flow, long)?;
        set => _cutAfter = value;
    }

    public void Hold() => _open = new TaskCompletionSource(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public void Clear()
    {
        Delay = TimeSpan.Zero;
        CutAfter = null;
        _ = _open.TrySetResult();
    }

    /// <summary>Completes once bytes may go on.</summary>
    public async Task PassAsync(CancellationToken cancellation)
    {
        await _open.Task.WaitAsync(cancellation);
        if (Delay is { Ticks: > 0 } delay)
            await Task.Delay(delay, cancellation);
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
