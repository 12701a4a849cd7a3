using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Lane;
using TradeProcessor.Consumer.Transport;
using TradeProcessor.Tests.Unit.Intake;
using TradeProcessor.Tests.Unit.Transport;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>What a loop gathers, when it hands that over, and which batches it keeps.</summary>
public sealed class LoopIntakeTests : IAsyncDisposable
{
    private const int Capacity = 4;
    private const int KeptBatches = 8192;
    private const long Now = 1_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly long MsTicks = Stopwatch.Frequency / 1000;

    private readonly GatedLog _log = new();
    private readonly SampleFrames _sample = new(41);
    private readonly ConnectionLoop _loop;
    private readonly TradeIntake _intake;
    private readonly LoopIntake _gathers;

    public LoopIntakeTests(ITestOutputHelper output)
    {
        _loop = LoopServer.CreateLoop(
            LoopKind.Epoll, new UringSizes(Files: 8, Buffers: 4, BufferBytes: 1024), output);
        _intake = new TradeIntake(
            _log,
            Options.Create(new IntakeOptions { ChannelCapacity = Capacity }),
            TimeProvider.System,
            NullLogger<TradeIntake>.Instance);
        _gathers = new LoopIntake(_loop, _intake);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(_loop.Dispose);
        _intake.Dispose();
    }

    private Submission Submission()
    {
        var submission = _intake.Rent();
        var record = _sample.Record();
        record.CopyTo(submission.Records.GetSpan(record.Length));
        submission.Records.Advance(record.Length);
        return submission;
    }

    /// <summary>Runs it within one turn of the loop; what it gives.</summary>
    private async Task<T> OnLoopAsync<T>(Func<T> run)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Schedule(
            _ =>
            {
                try
                {
                    done.SetResult(run());
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            },
            null);
        return await done.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    private async Task UntilQueuedAsync(int submissions)
    {
        var since = Stopwatch.GetTimestamp();
        while (_intake.Queued != submissions && Stopwatch.GetElapsedTime(since) < Limit)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.Equal(submissions, _intake.Queued);
    }

    [Fact]
    public async Task Submissions_OfOneTurn_AreHandedOverTogetherOnceTheLoopRests()
    {
        var (outcomes, queued) = await OnLoopAsync(() =>
        {
            Task<LogOutcome?>[] outcomes =
            [
                .. Enumerable.Range(0, 3).Select(
                    _ => _gathers.SubmitAsync(Submission(), Now).AsTask()),
            ];
            return (outcomes, _intake.Queued);
        });
        Assert.Equal(0, queued);
        await UntilQueuedAsync(3);
        _intake.Start();
        Assert.All(await Task.WhenAll(outcomes), outcome =>
            Assert.Equal(LogOutcome.Logged, outcome));
        Assert.Single(_log.Frames);
        Assert.Equal(3, _log.Records.Count);
    }

    [Fact]
    public async Task Submissions_OfALongTurn_AreHandedOverAfterAMillisecond()
    {
        var queued = await OnLoopAsync(() =>
        {
            int Submit(long now)
            {
                _ = _gathers.SubmitAsync(Submission(), now).AsTask();
                return _intake.Queued;
            }

            // The second one's millisecond begins anew.
            return (int[])[Submit(Now), Submit(Now + MsTicks), Submit(Now + MsTicks + 1),
                Submit(Now + MsTicks + 2)];
        });
        Assert.Equal([0, 0, 3, 3], queued);
        await UntilQueuedAsync(4);
    }

    [Fact]
    public async Task Submissions_OfAnotherThread_AreHandedOverAtOnce()
    {
        var outcome = _gathers.SubmitAsync(Submission(), Now).AsTask();
        Assert.Equal(1, _intake.Queued);
        _intake.Start();
        Assert.Equal(LogOutcome.Logged, await outcome);
    }

    [Fact]
    public async Task Submissions_MoreThanTheChannelHolds_AreUnavailableAndTheOthersLogged()
    {
        var outcomes = await OnLoopAsync<Task<LogOutcome?>[]>(() =>
        [
            .. Enumerable.Range(0, Capacity + 2).Select(
                _ => _gathers.SubmitAsync(Submission(), Now).AsTask()),
        ]);
        await UntilQueuedAsync(Capacity);
        Assert.All(await Task.WhenAll(outcomes[Capacity..]), outcome =>
            Assert.Equal(LogOutcome.Unavailable, outcome));
        _intake.Start();
        Assert.All(await Task.WhenAll(outcomes[..Capacity]), outcome =>
            Assert.Equal(LogOutcome.Logged, outcome));
        Assert.Equal(Capacity, _log.Records.Count);
    }

    [Fact]
    public async Task Batches_ReturnedOnTheLoop_AreRentedThereTheLastOneFirst()
    {
        var (first, last) = (new LaneBatch(), new LaneBatch());
        Assert.True(await OnLoopAsync(() => _gathers.TryReturn(first) && _gathers.TryReturn(last)));
        Assert.False(_gathers.TryRent(out _));
        Assert.False(_gathers.TryReturn(new LaneBatch()));
        var rented = await OnLoopAsync(() => (LaneBatch?[])[Rent(), Rent(), Rent()]);
        Assert.Equal([last, first, null], rented);

        LaneBatch? Rent() => _gathers.TryRent(out var batch) ? batch : null;
    }

    [Fact]
    public async Task Batches_MoreThanItKeeps_AreNotTaken()
    {
        var batch = new LaneBatch();
        Assert.Equal(KeptBatches, await OnLoopAsync(() =>
            Enumerable.Range(0, KeptBatches + 10).Count(_ => _gathers.TryReturn(batch))));
    }
}
