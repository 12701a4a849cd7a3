namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// One answer for all who ask within a short time; a read that failed is not handed out again.
/// </summary>
internal sealed class SharedRead<T>(TimeSpan age, TimeProvider time, Func<Task<T>> read)
{
    private readonly Lock _gate = new();
    private Task<T>? _latest;
    private long _startedAt;

    public Task<T> GetAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_latest is null
                || (_latest.IsCompleted && !_latest.IsCompletedSuccessfully)
                || time.GetElapsedTime(_startedAt) > age)
            {
                _startedAt = time.GetTimestamp();
                _latest = read();
            }
            return _latest.WaitAsync(cancellation);
        }
    }

    /// <summary>The next one who asks gets what is there then.</summary>
    public void Forget()
    {
        lock (_gate)
            _latest = null;
    }
}
