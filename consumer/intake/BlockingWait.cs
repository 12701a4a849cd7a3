namespace TradeProcessor.Consumer.Intake;

/// <summary>
/// Lets a thread of its own wait for a <see cref="ValueTask"/> without an allocation, which
/// <c>AsTask().Wait()</c> would cost for each wait.
/// </summary>
internal sealed class BlockingWait : IDisposable
{
    private readonly ManualResetEventSlim _done = new(initialState: false, spinCount: 0);
    private readonly Action _signal;

    public BlockingWait() => _signal = _done.Set;

    public T For<T>(ValueTask<T> task)
    {
        var awaiter = task.GetAwaiter();
        if (!awaiter.IsCompleted)
        {
            _done.Reset();
            awaiter.UnsafeOnCompleted(_signal);
            _done.Wait();
        }
        return awaiter.GetResult();
    }

    public void For(ValueTask task)
    {
        var awaiter = task.GetAwaiter();
        if (!awaiter.IsCompleted)
        {
            _done.Reset();
            awaiter.UnsafeOnCompleted(_signal);
            _done.Wait();
        }
        awaiter.GetResult();
    }

    public void Dispose() => _done.Dispose();
}
