using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Intake;

public sealed class OnceIntakeTests : IAsyncDisposable
{
    private const int Shards = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly MemoryOnceLog _log = new(Shards);
    private readonly IntakeOptions _options = new() { ChannelCapacity = 100 };
    private readonly ManualTime _time = new(new DateTime(2026, 1, 31, 0, 0, 0, DateTimeKind.Utc));
    private readonly SampleFrames _sample = new(31);
    private readonly OnceIntake _intake;

    public OnceIntakeTests()
    {
        _intake = new OnceIntake(
            _log, Options.Create(_options), _time, NullLogger<OnceIntake>.Instance);
        _intake.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _log.Open();
        await _intake.StopAsync().WaitAsync(Patience);
        _intake.Dispose();
    }

    private KeyedSubmission Request(int trades, BoundKey? bound = null)
    {
        var submission = new Submission(MemoryBudget.Unlimited);
        for (var i = 0; i < trades; i++)
        {
            var record = _sample.Record();
            record.CopyTo(submission.Records.GetSpan(record.Length));
            submission.Records.Advance(record.Length);
        }
        return new KeyedSubmission(submission, bound ?? _sample.Key());
    }

    /// <summary>A key of shard 0, with a body of its own.</summary>
    private BoundKey KeyOfShard0()
    {
        var bound = _sample.Key();
        return bound with { Key = bound.Key with { Low = bound.Key.Low / Shards * Shards } };
    }

    private Task<LogOutcome?> SubmitAsync(in KeyedSubmission keyed) =>
        _intake.SubmitAsync(keyed).AsTask().WaitAsync(Patience);

    /// <summary>Waits until the writer of shard 0 holds one request, so that the next ones queue.</summary>
    private async Task<(Task<LogOutcome?> First, BoundKey Bound)> BlockShard0Async()
    {
        _log.Close();
        var bound = KeyOfShard0();
        var begun = _log.Begun;
        var first = SubmitAsync(Request(1, bound));
        while (_log.Begun == begun)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        return (first, bound);
    }

    [Fact]
    public async Task Submit_KnownKey_IsRepeatedOrOfAnotherBody()
    {
        var bound = _sample.Key();
        Assert.Equal(LogOutcome.Logged, await SubmitAsync(Request(3, bound)));
        Assert.Equal(LogOutcome.Repeated, await SubmitAsync(Request(3, bound)));
        var other = bound with { Body = _sample.Key().Body };
        Assert.Equal(LogOutcome.OtherBody, await SubmitAsync(Request(1, other)));
        _ = Assert.Single(_log.Requests);
    }

    [Fact]
    public async Task Submit_WhileTheLogFlushes_SharesTheNextCallInOrderOfTime()
    {
        var (first, _) = await BlockShard0Async();
        var waiting = Enumerable.Range(0, 50)
            .Select(_ => SubmitAsync(Request(2, KeyOfShard0())))
            .ToList();
        _log.Open();
        Assert.Equal(LogOutcome.Logged, await first);
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.Equal(LogOutcome.Logged, outcome));
        Assert.Equal([(0, 1), (0, 50)], _log.Calls.Select(call => (call.Shard, call.Requests)));
        Assert.True(_log.Calls[1].ReceivedAtTicks > _log.Calls[0].ReceivedAtTicks);
    }

    [Fact]
    public async Task Submit_ManyLargeRequests_NeverFillsACallBeyondAFrame()
    {
        var (first, _) = await BlockShard0Async();
        var waiting = Enumerable.Range(0, 5)
            .Select(_ => SubmitAsync(Request(9_000, KeyOfShard0())))
            .ToList();
        _log.Open();
        Assert.Equal(LogOutcome.Logged, await first);
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.Equal(LogOutcome.Logged, outcome));
        Assert.Equal(6, _log.Requests.Count);
        Assert.True(_log.Calls.Count >= 4, "two of 450 KB fit a frame, three do not");
    }

    [Fact]
    public async Task Submit_KeyUnderWay_IsInFlightAtOnceAndTakenAfterwards()
    {
        var (first, bound) = await BlockShard0Async();
        Assert.Equal(LogOutcome.InFlight, await SubmitAsync(Request(1, bound)));
        var queued = KeyOfShard0();
        var second = SubmitAsync(Request(1, queued));
        Assert.Equal(LogOutcome.InFlight, await SubmitAsync(Request(1, queued)));
        _log.Open();
        Assert.Equal(LogOutcome.Logged, await first);
        Assert.Equal(LogOutcome.Logged, await second);
        Assert.Equal(LogOutcome.Repeated, await SubmitAsync(Request(1, bound)));
    }

    [Fact]
    public async Task Submit_ChannelFull_IsRefusedAtOnceAndItsKeyIsFree()
    {
        var (first, _) = await BlockShard0Async();
        var waiting = Enumerable.Range(0, _options.ChannelCapacity)
            .Select(_ => SubmitAsync(Request(1, KeyOfShard0())))
            .ToList();
        var bound = KeyOfShard0();
        Assert.Equal(LogOutcome.Unavailable, await SubmitAsync(Request(1, bound)));
        _log.Open();
        Assert.Equal(LogOutcome.Logged, await first);
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.Equal(LogOutcome.Logged, outcome));
        Assert.Equal(LogOutcome.Logged, await SubmitAsync(Request(1, bound)));
    }

    [Fact]
    public async Task Submit_LogStalls_KeyStaysInFlightUntilItsOutcomeIsKnown()
    {
        var (first, bound) = await BlockShard0Async();
        var queued = KeyOfShard0();
        var second = SubmitAsync(Request(1, queued));
        _intake.CheckForStall();
        Assert.Null(_intake.Stall);
        _time.Advance(_options.StallLimit);
        _intake.CheckForStall();
        Assert.NotNull(_intake.Stall);
        Assert.Equal(LogOutcome.Unavailable, await first);
        Assert.Equal(LogOutcome.Unavailable, await second);
        Assert.Equal(LogOutcome.InFlight, await SubmitAsync(Request(1, bound)));
        Assert.Equal(LogOutcome.Unavailable, await SubmitAsync(Request(1, queued)));

        _log.Open();
        var outcome = await UntilTakenAsync(bound);
        Assert.Equal(LogOutcome.Repeated, outcome);
        Assert.Equal(LogOutcome.Logged, await UntilTakenAsync(queued));
        Assert.Equal(2, _log.Requests.Count);
    }

    private async Task<LogOutcome?> UntilTakenAsync(BoundKey bound)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            Assert.True(started.Elapsed < Patience, "the key must be taken");
            _intake.CheckForStall();
            var outcome = await SubmitAsync(Request(1, bound));
            if (outcome is not (LogOutcome.Unavailable or LogOutcome.InFlight))
                return outcome;
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Submit_LogFails_IsUnavailableAndTheKeyIsFreeAgain()
    {
        _log.Fails = true;
        var bound = _sample.Key();
        Assert.Equal(LogOutcome.Unavailable, await SubmitAsync(Request(1, bound)));
        Assert.Equal(LogOutcome.Unavailable, await SubmitAsync(Request(1, bound)));
        Assert.NotNull(_intake.Failure);
        _log.Fails = false;
        Assert.Equal(LogOutcome.Logged, await SubmitAsync(Request(1, bound)));
        Assert.Null(_intake.Failure);
    }

    [Fact]
    public async Task Stop_WithWaitingRequests_LogsThemFirst()
    {
        var (first, _) = await BlockShard0Async();
        var waiting = Enumerable.Range(0, 30).Select(_ => SubmitAsync(Request(1))).ToList();
        var stopping = _intake.StopAsync();
        _log.Open();
        await stopping.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.All(
            await Task.WhenAll([first, .. waiting]),
            outcome => Assert.Equal(LogOutcome.Logged, outcome));
        Assert.Equal(31, _log.Requests.Count);
    }

    [Fact]
    public async Task Stop_LogDoesNotAnswer_EndsAfterTheDrainLimitAndRefusesWhatWaits()
    {
        _options.DrainLimit = TimeSpan.FromSeconds(1);
        var (first, _) = await BlockShard0Async();
        var waiting = Enumerable.Range(0, 30).Select(_ => SubmitAsync(Request(1))).ToList();
        var started = Stopwatch.StartNew();
        await _intake.StopAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(started.Elapsed > TimeSpan.FromMilliseconds(500));
        Assert.All(
            await Task.WhenAll([first, .. waiting]),
            outcome => Assert.Equal(LogOutcome.Unavailable, outcome));
        Assert.Equal(LogOutcome.Unavailable, await SubmitAsync(Request(1)));
        Assert.Empty(_log.Requests);
    }
}
