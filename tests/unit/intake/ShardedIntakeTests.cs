using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Intake;

namespace TradeProcessor.Tests.Unit.Intake;

/// <summary>The intake over several shards of which some stall.</summary>
public sealed class ShardedIntakeTests : IAsyncLifetime
{
    private const int Shards = 4;

    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(20);

    private readonly GatedLog _log = new(Shards, framePayloadBytes: 64 << 10);
    private readonly SampleFrames _sample = new(53);
    private readonly TradeIntake _intake;
    private readonly OnceIntake _once;
    private readonly IntakeService _service;

    public ShardedIntakeTests()
    {
        _intake = new TradeIntake(
            _log,
            Options.Create(new IntakeOptions { DrainLimit = TimeSpan.FromSeconds(1) }),
            TimeProvider.System,
            NullLogger<TradeIntake>.Instance);
        _once = new OnceIntake(
            new MemoryOnceLog(Shards),
            Options.Create(new IntakeOptions()),
            TimeProvider.System,
            NullLogger<OnceIntake>.Instance);
        _service = new IntakeService(_intake, _once, TimeProvider.System);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _service.StartAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        _log.Open();
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        _intake.Dispose();
        _once.Dispose();
    }

    private async Task<LogOutcome?> SubmitAsync(int trades = 1, List<byte[]>? records = null)
    {
        var submission = _intake.Rent();
        for (var i = 0; i < trades; i++)
        {
            var record = _sample.Record();
            record.CopyTo(submission.Records.GetSpan(record.Length));
            submission.Records.Advance(record.Length);
            records?.Add(record);
        }
        var outcome = await _intake.SubmitAsync(submission);
        _intake.Return(submission);
        return outcome;
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Generous, _intake.Stall ?? "no stall");
            await Task.Delay(5, Cancellation);
        }
    }

    private List<Task<LogOutcome?>> Submit(int requests) =>
        [.. Enumerable.Range(0, requests).Select(_ => SubmitAsync())];

    [Fact]
    public async Task Submit_OneShardStalls_OnlyItsRequestsFailAndTheOthersTakeTheLoad()
    {
        _log.Close(shard: 2);
        var first = await Task.WhenAll(Submit(40))
            .WaitAsync(Generous, Cancellation);
        // They were dealt out in turn: a quarter waited for the stalled shard.
        Assert.Equal(10, first.Count(outcome => outcome == LogOutcome.Unavailable));
        Assert.Equal(30, first.Count(outcome => outcome == LogOutcome.Logged));

        await UntilAsync(() => _intake.Stall is not null);
        Assert.Contains("Shard 2", _intake.Stall, StringComparison.Ordinal);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 200; i++)
            Assert.Equal(LogOutcome.Logged, await SubmitAsync());
        Assert.True(Stopwatch.GetElapsedTime(started) < Generous);

        _log.Open();
        await UntilAsync(() => _intake.Stall is null);
        Assert.Null(_intake.Failure);
        var last = await Task.WhenAll(Submit(40));
        Assert.All(last, outcome => Assert.Equal(LogOutcome.Logged, outcome));
    }

    [Fact]
    public async Task Submit_AllShardsStall_IsRefusedAtOnce()
    {
        for (var shard = 0; shard < Shards; shard++)
            _log.Close(shard);
        var first = await Task.WhenAll(Submit(8))
            .WaitAsync(Generous, Cancellation);
        Assert.All(first, outcome => Assert.Equal(LogOutcome.Unavailable, outcome));
        await UntilAsync(
            () => _intake.Stall?.StartsWith("The log", StringComparison.Ordinal) == true);
        var refused = SubmitAsync();
        Assert.True(refused.IsCompleted);
        Assert.Null(await refused);
    }

    [Fact]
    public async Task Submit_LargerThanTheLogLikes_FillsAFrameOfItsOwn()
    {
        var records = new List<byte[]>();
        Assert.Equal(LogOutcome.Logged, await SubmitAsync(5_000, records));
        var frame = Assert.Single(_log.Frames);
        Assert.True(frame.Length > 64 << 10);
        Assert.Equal(records, _log.Records);
    }

    [Fact]
    public async Task Stop_LogDoesNotAnswer_EndsAfterTheDrainLimitAndRefusesWhatWaits()
    {
        _log.Close(shard: 1);
        var waiting = Submit(8);
        var started = Stopwatch.GetTimestamp();
        await _service.StopAsync(Cancellation).WaitAsync(Generous, Cancellation);
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(500));
        var outcomes = await Task.WhenAll(waiting).WaitAsync(Generous, Cancellation);
        Assert.Equal(2, outcomes.Count(outcome => outcome == LogOutcome.Unavailable));
        Assert.Equal(6, outcomes.Count(outcome => outcome == LogOutcome.Logged));
        Assert.Equal(6, _log.Records.Count);
    }
}
