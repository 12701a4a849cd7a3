using System.Diagnostics;

namespace TradeProcessor.Load.Http;

/// <summary>
/// Cuts connections whose answer is overdue. One sweep a second over all of them costs less than
/// a timer for each request.
/// </summary>
internal sealed class AnswerWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sweeping;

    public AnswerWatch(IReadOnlyList<HttpConnection> connections, TimeSpan limit) =>
        _sweeping = SweepAsync(connections, limit);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sweeping;
        _stop.Dispose();
    }

    private async Task SweepAsync(IReadOnlyList<HttpConnection> connections, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var connection in connections)
                {
                    var since = connection.AwaitingSince;
                    if (since != 0 && Stopwatch.GetElapsedTime(since) > limit)
                        connection.Abort();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
