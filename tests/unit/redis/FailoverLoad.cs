using System.Diagnostics;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>Appends to each shard, with keys and without, and keeps what was acknowledged.</summary>
internal sealed class FailoverLoad(ITradeLog log, IOnceLog once)
{
    private readonly Lock _gate = new();
    private readonly HashSet<(int Shard, string Frame)> _frames = [];
    private readonly HashSet<(int Shard, string Records)> _records = [];

    private int Count
    {
        get
        {
            lock (_gate)
                return _frames.Count + _records.Count;
        }
    }

    /// <summary>Until cancelled; what is under way then is let go.</summary>
    public Task RunAsync(int shards, CancellationToken cancellation)
    {
        var seed = Random.Shared.Next(1_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return Task.WhenAll(Enumerable.Range(0, shards).SelectMany<int, Task>(shard =>
        [
            RepeatAsync(AppendsTo(shard, new(seed + shard), cancellation), cancellation),
            RepeatAsync(OncesTo(shard, new(seed + shards + shard), cancellation), cancellation),
        ]));
    }

    /// <summary>Completes once so many more were acknowledged.</summary>
    public async Task UntilMoreAsync(int more, TimeSpan limit)
    {
        var (before, started) = (Count, Stopwatch.GetTimestamp());
        while (Count < before + more)
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started) < limit,
                $"{Count - before} of {more} were acknowledged");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Frames of requests without a key, and records of those with one.</summary>
    public (List<string> Frames, List<string> Records) Acknowledged(int shard)
    {
        lock (_gate)
        {
            return (
                [.. _frames.Where(one => one.Shard == shard).Select(one => one.Frame)],
                [.. _records.Where(one => one.Shard == shard).Select(one => one.Records)]);
        }
    }

    private Func<Task> AppendsTo(int shard, SampleFrames sample, CancellationToken cancellation) =>
        async () =>
        {
            var frame = sample.Frame(2, SampleFrames.StartTicks);
            await log.AppendAsync(shard, frame, cancellation);
            lock (_gate)
                _ = _frames.Add((shard, Convert.ToHexString(frame)));
        };

    private Func<Task> OncesTo(int shard, SampleFrames sample, CancellationToken cancellation) =>
        async () =>
        {
            var append = sample.Append(2);
            var outcomes = await once.AppendOnceAsync(
                shard, [append], SampleFrames.StartTicks, cancellation);
            Assert.Equal([OnceOutcome.Logged], outcomes);
            lock (_gate)
                _ = _records.Add((shard, Convert.ToHexString(append.Records.Span)));
        };

    private static async Task RepeatAsync(Func<Task> append, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await append();
            }
            catch (LogUnavailableException)
            {
                await Task.Delay(10, CancellationToken.None);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
