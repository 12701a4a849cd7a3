using System.Diagnostics;

namespace TradeProcessor.Load.Sending;

/// <summary>
/// Wakes senders when their job is due. A thread of its own, because pool timers wake up to 3 ms
/// late (measured: 0.1 ms by <see cref="Thread.Sleep(int)"/>), which would read as latency of the
/// service.
/// </summary>
internal sealed class Pacer : IDisposable
{
    private const int SleepMs = 1;

    // Half a sleep ahead, so that waking is off by half a sleep either way and not late on average.
    private static readonly long AheadTicks = Stopwatch.Frequency / 2000;

    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private readonly Thread _thread;
    private readonly CancellationToken _stop;
    private volatile bool _disposed;

    /// <param name="stop">Wakes everybody at once.</param>
    public Pacer(CancellationToken stop)
    {
        _stop = stop;
        _thread = new Thread(Loop) { IsBackground = true, Name = "pacer" };
        _thread.Start();
    }

    public ValueTask WaitAsync(long due)
    {
        if (due <= Stopwatch.GetTimestamp() + AheadTicks)
            return ValueTask.CompletedTask;

        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
            _waiting.Enqueue(waiter, due);
        return new ValueTask(waiter.Task);
    }

    public void Dispose()
    {
        _disposed = true;
        _thread.Join();
    }

    private void Loop()
    {
        while (!_disposed)
        {
            Thread.Sleep(SleepMs);
            var until = _stop.IsCancellationRequested
                ? long.MaxValue
                : Stopwatch.GetTimestamp() + AheadTicks;
            lock (_waiting)
            {
                while (_waiting.TryPeek(out var waiter, out var due) && due <= until)
                {
                    _waiting.Dequeue();
                    waiter.SetResult();
                }
            }
        }
    }
}
