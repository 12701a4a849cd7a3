using System.Diagnostics;
using System.Text.Json;
using TradeProcessor.Load.Sending;

namespace TradeProcessor.Load.Verifying;

/// <summary>
/// Compares what the storage API shows with what was acknowledged:
/// <list type="number">
/// <item>before the run, read the baseline once it has come to rest;</item>
/// <item>after it, poll the one total until it has reached what was acknowledged;</item>
/// <item>then compare every cell, count and both sums;</item>
/// <item>and once more a moment later: a trade counted twice comes late.</item>
/// </list>
/// </summary>
internal sealed class Verifier(Uri service, TimeSpan limit) : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);

    // Two commits of a worker apart.
    private static readonly TimeSpan RestsAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(10);

    private readonly AggregatesClient _client = new(service, TimeProvider.System);
    private Dictionary<CellName, CellSum> _baseline = [];

    /// <summary>Step 1.</summary>
    /// <exception cref="UsageException">The API cannot be read.</exception>
    public async Task ReadBaselineAsync(CancellationToken stop)
    {
        try
        {
            var since = Stopwatch.GetTimestamp();
            _baseline = await _client.ReadAsync(cells: true, stop);
            while (Stopwatch.GetElapsedTime(since) < RestLimit)
            {
                await Task.Delay(RestsAfter, stop);
                var again = await _client.ReadAsync(cells: true, stop);
                var rests = again.Count == _baseline.Count && !again.Except(_baseline).Any();
                _baseline = again;
                if (rests)
                    return;
            }
        }
        catch (Exception e) when (IsFailure(e, stop))
        {
            throw new UsageException(
                $"--verify: GET {service}api/aggregates: {e.Message}; give the storage API's "
                + "address with --read-url, or leave --verify out");
        }

        throw new UsageException(
            $"--verify: the sums of {service} do not come to rest; stop the other clients first");
    }

    /// <summary>Steps 2 to 4.</summary>
    public async Task<Verdict> VerifyAsync(RunResult result, CancellationToken stop)
    {
        var comparison = new CellComparison(
            _baseline, result.Acknowledged.ToCells(), result.Doubtful.ToCells(), result.Accepted);
        var since = Stopwatch.GetTimestamp();
        var last = Disagreement(comparison, [], "nothing could be read");
        while (!stop.IsCancellationRequested && Stopwatch.GetElapsedTime(since) < limit)
        {
            try
            {
                last = await TryAsync(comparison, result.FirstSend, stop);
                if (last.Agreed)
                    return last;
                await Task.Delay(PollEvery, stop);
            }
            catch (Exception e) when (IsFailure(e, stop))
            {
                last = last with { Problem = e.Message };
                await Task.Delay(PollEvery, CancellationToken.None);
            }
        }

        return last.Problem is null ? await LookOnceAsync(comparison, last) : last;
    }

    public void Dispose() => _client.Dispose();

    private async Task<Verdict> TryAsync(
        CellComparison comparison, long firstSend, CancellationToken stop)
    {
        var total = await _client.ReadAsync(cells: false, stop);
        if (comparison.NewTrades(total) < comparison.LowCount)
            return Disagreement(comparison, total, null);

        var stored = await _client.ReadAsync(cells: true, stop);
        var seconds = Stopwatch.GetElapsedTime(firstSend).TotalSeconds;
        if (comparison.Differences(stored).Count > 0)
            return Disagreement(comparison, stored, null);

        await Task.Delay(RestsAfter, stop);
        stored = await _client.ReadAsync(cells: true, stop);
        var differences = comparison.Differences(stored);
        return Disagreement(comparison, stored, null) with
        {
            Agreed = differences.Count == 0,
            SecondsFromFirstPost = differences.Count == 0 ? seconds : null,
            Differences = differences,
        };
    }

    // The polled total has no cells to name: a disagreement is told from a full reading.
    private async Task<Verdict> LookOnceAsync(CellComparison comparison, Verdict last)
    {
        try
        {
            var stored = await _client.ReadAsync(cells: true, CancellationToken.None);
            return Disagreement(comparison, stored, null) with
            {
                Differences = comparison.Differences(stored),
            };
        }
        catch (Exception e) when (IsFailure(e, CancellationToken.None))
        {
            return last with { Problem = e.Message };
        }
    }

    private static Verdict Disagreement(
        CellComparison comparison, Dictionary<CellName, CellSum> stored, string? problem) =>
        new()
        {
            Agreed = false,
            Stored = problem is null ? comparison.NewTrades(stored) : 0,
            Cells = stored.Count,
            Exact = comparison.IsExact,
            TotalsOnly = CellComparison.HasOverflow(stored),
            Low = comparison.LowCount,
            High = comparison.HighCount,
            Problem = problem,
        };

    private static bool IsFailure(Exception e, CancellationToken stop) =>
        e is HttpRequestException or JsonException or FormatException or OverflowException
            or InvalidOperationException
        || (e is OperationCanceledException && !stop.IsCancellationRequested);
}
