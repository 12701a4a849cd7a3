using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Storage.Engine.Processes;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>Looks one after the other at a real store, by a clock that the test moves.</summary>
public sealed class HealthReaderTests : IDisposable
{
    private static readonly DateTime Start = new(2026, 1, 24, 10, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new(Start);
    private readonly LocalProcessBoard _processes = new();
    private readonly FileBackEnd _backEnd;
    private readonly HealthReader _reader;

    public HealthReaderTests()
    {
        var storage = new StorageOptions { Path = _directory.Path };
        var day = TimeSpan.FromDays(1);
        _backEnd = new FileBackEnd(
            storage,
            new CellRetention(day, day, day, day),
            TimeProvider.System,
            NullLogger<FileBackEnd>.Instance);
        _reader = new HealthReader(
            _backEnd.Store,
            new FileStoreHealth(_backEnd),
            _processes,
            new FileDeadLetters(storage, () => _backEnd),
            _time);
    }

    public void Dispose()
    {
        _backEnd.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Look_AtATrouble_SaysSinceWhenUntilItIsAnother()
    {
        Assert.Null((await LookAsync(0)).Since);
        Assert.Equal(("warn", Start.AddSeconds(6)), await LookAsync(6));
        Assert.Equal(("warn", Start.AddSeconds(6)), await LookAsync(10));
        Assert.Equal(("bad", Start.AddSeconds(25)), await LookAsync(25));
        await ReportAsync();
        Assert.Equal(("good", null), await LookAsync(26));
        Assert.Equal(("warn", Start.AddSeconds(31)), await LookAsync(31));
    }

    /// <summary>What is said of processes so many seconds after the start.</summary>
    private async Task<(string Level, DateTime? Since)> LookAsync(int seconds)
    {
        if (seconds == 0)
            await ReportAsync();
        _time.Advance(Start.AddSeconds(seconds) - _time.GetUtcNow().UtcDateTime);
        await _reader.LookAsync(CancellationToken.None);
        var finding = _reader.Health.Findings.Single(each => each.Name == "Processes");
        return (finding.Level, finding.Since);
    }

    private ValueTask ReportAsync() => _processes.ReportAsync(
        new ProcessReport(
            "desk/1", "worker", "1.0", Start, _time.GetUtcNow().UtcDateTime, 1, 0),
        CancellationToken.None);
}
