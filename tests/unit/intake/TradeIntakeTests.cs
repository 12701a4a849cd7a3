using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Intake;

public sealed class TradeIntakeTests : IAsyncLifetime
{
    private readonly GatedLog _log = new();
    private readonly MemoryOnceLog _onceLog = new();
    private readonly IntakeOptions _options = new() { ChannelCapacity = 100 };
    private readonly SampleFrames _sample = new(21);
    private TradeIntake? _intake;
    private OnceIntake? _once;
    private IntakeService? _service;

    private TradeIntake Intake => _intake!;

    public async ValueTask InitializeAsync()
    {
        _intake = new TradeIntake(
            _log,
            Options.Create(_options),
            TimeProvider.System,
            NullLogger<TradeIntake>.Instance);
        _once = new OnceIntake(
            _onceLog,
            Options.Create(_options),
            TimeProvider.System,
            NullLogger<OnceIntake>.Instance);
        _service = new IntakeService(_intake, _once, TimeProvider.System);
        await _service.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _log.Open();
        await _service!.StopAsync(CancellationToken.None);
        _service.Dispose();
        Intake.Dispose();
        _once!.Dispose();
    }

    private Submission Submission(int trades, List<byte[]>? records = null)
    {
        var submission = Intake.Rent();
        for (var i = 0; i < trades; i++)
        {
            var record = _sample.Record();
            record.CopyTo(submission.Records.GetSpan(record.Length));
            submission.Records.Advance(record.Length);
            records?.Add(record);
        }
        return submission;
    }

    private async Task<LogOutcome?> SubmitAsync(Submission submission)
    {
        var outcome = await Intake.SubmitAsync(submission);
        Intake.Return(submission);
        return outcome;
    }

    /// <summary>Waits until the writer holds one submission, so that the next ones queue.</summary>
    private async Task<Task<LogOutcome?>> BlockWriterAsync()
    {
        _log.Close();
        var first = SubmitAsync(Submission(1));
        while (Intake.Queued > 0)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        return first;
    }

    [Fact]
    public async Task Submit_WhileTheLogFlushes_SharesTheNextFrame()
    {
        var first = await BlockWriterAsync();
        var waiting = Enumerable.Range(0, 50).Select(_ => SubmitAsync(Submission(2))).ToList();
        _log.Open();
        Assert.Equal(LogOutcome.Logged, await first);
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.Equal(LogOutcome.Logged, outcome));
        Assert.Equal(101, _log.Records.Count);
        Assert.Equal(2, _log.Frames.Count);
    }

    [Fact]
    public async Task Submit_LargerThanAFrame_IsLoggedWholeAndInOrder()
    {
        var records = new List<byte[]>();
        var submissions = new[] { Submission(10, records), Submission(70_000, records), Submission(5, records) };
        foreach (var submission in submissions)
            Assert.Equal(LogOutcome.Logged, await SubmitAsync(submission));
        Assert.Equal(records, _log.Records);
        Assert.True(_log.Frames.Count >= 5);
        Assert.All(_log.Frames, frame => Assert.InRange(
            frame.Length, 1, TradeFrame.HeaderBytes + TradeFrame.MaxPayloadBytes));
    }

    [Fact]
    public async Task Submit_ChannelFull_IsRefusedAtOnce()
    {
        var first = await BlockWriterAsync();
        var waiting = Enumerable.Range(0, _options.ChannelCapacity)
            .Select(_ => SubmitAsync(Submission(1)))
            .ToList();
        var refused = SubmitAsync(Submission(1));
        Assert.True(refused.IsCompleted);
        Assert.Null(await refused);
        _log.Open();
        Assert.Equal(LogOutcome.Logged, await first);
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.Equal(LogOutcome.Logged, outcome));
    }

    [Fact]
    public async Task Submit_LogStalls_AllWhoWaitAreToldAndLaterOnesAreTaken()
    {
        var first = await BlockWriterAsync();
        var started = Stopwatch.StartNew();
        var waiting = Enumerable.Range(0, 20).Select(_ => SubmitAsync(Submission(1))).ToList();
        Assert.All(
            await Task.WhenAll([first, .. waiting]),
            outcome => Assert.Equal(LogOutcome.Unavailable, outcome));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(10));
        while (Intake.Failure is null)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Null(await SubmitAsync(Submission(1)));

        _log.Open();
        while (Intake.Failure is not null)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal(LogOutcome.Logged, await SubmitAsync(Submission(3)));
        // The first may be in the log, as nobody knew; the queued ones must not be.
        Assert.Equal(4, _log.Records.Count);
    }

    [Fact]
    public async Task Submit_LogFails_IsUnavailableUntilItWorks()
    {
        _log.Fails = true;
        Assert.Equal(LogOutcome.Unavailable, await SubmitAsync(Submission(1)));
        Assert.NotNull(Intake.Failure);
        Assert.Equal(LogOutcome.Unavailable, await SubmitAsync(Submission(60_000)));
        _log.Fails = false;
        Assert.Equal(LogOutcome.Logged, await SubmitAsync(Submission(1)));
        Assert.Null(Intake.Failure);
        Assert.Single(_log.Records);
    }

    [Fact]
    public async Task Dispose_WithoutAStop_StillLogsWhatWasTaken()
    {
        var log = new GatedLog();
        log.Close();
        var intake = new TradeIntake(
            log, Options.Create(_options), TimeProvider.System, NullLogger<TradeIntake>.Instance);
        intake.Start();
        var submission = Submission(1);
        var logged = intake.SubmitAsync(submission).AsTask();
        intake.Dispose();
        log.Open();
        Assert.Equal(LogOutcome.Logged, await logged.WaitAsync(
            TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        _ = Assert.Single(log.Records);
    }

    [Fact]
    public void Records_PastTheBudgetOfAllRequests_AreRefusedAndGiveTheirRoomBack()
    {
        var budget = new MemoryBudget(100_000);
        using var first = new RecordBuffer(budget);
        using var second = new RecordBuffer(budget);
        Fill(first, 60_000);
        _ = Assert.Throws<BudgetSpentException>(() => Fill(second, 60_000));
        first.Reset();
        Fill(second, 60_000);
        second.Dispose();
        Assert.Equal(0, budget.TakenBytes);

        static void Fill(RecordBuffer buffer, int bytes)
        {
            while (buffer.Length < bytes)
            {
                _ = buffer.GetSpan(TradeRecord.MaxBytes);
                buffer.Advance(TradeRecord.MaxBytes);
            }
        }
    }

    [Fact]
    public async Task Stop_WithWaitingSubmissions_FlushesThemFirst()
    {
        var first = await BlockWriterAsync();
        var waiting = Enumerable.Range(0, 30).Select(_ => SubmitAsync(Submission(1))).ToList();
        var stopping = _service!.StopAsync(CancellationToken.None);
        _log.Open();
        await stopping;
        Assert.All(
            await Task.WhenAll([first, .. waiting]),
            outcome => Assert.Equal(LogOutcome.Logged, outcome));
        Assert.Equal(31, _log.Records.Count);
    }

    [Fact]
    public void FrameClock_AnyClock_NeverRepeatsAnInstantUnlessSetBackFar()
    {
        var clock = new FrameClock();
        Assert.Equal(1000, clock.Stamp(1000, 5));
        Assert.Equal(1005, clock.Stamp(1000, 5));
        Assert.Equal(1010, clock.Stamp(900, 1));
        Assert.Equal(5000, clock.Stamp(5000, 1));
        var far = 10 * TimeSpan.TicksPerSecond;
        Assert.Equal(far, clock.Stamp(far, 1));
        Assert.Equal(7000, clock.Stamp(7000, 1));
    }
}
