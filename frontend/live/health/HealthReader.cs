using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend.Live;

/// <summary>Gathers how the system is; the last look is kept for snapshots.</summary>
internal sealed class HealthReader(
    ITradeStore store,
    IStoreHealth shards,
    IProcessBoard processes,
    IDeadLetters dead,
    TimeProvider time)
{
    private const int DeadRows = 20;

    // A list of dead frames is read in full by the back ends.
    private static readonly TimeSpan DeadAge = TimeSpan.FromSeconds(5);

    private IReadOnlyList<ShardHealth> _shards = [];
    private HealthLevel _level;
    private DateTime _since;

    // By name: what is not good, and from when on.
    private Dictionary<string, (HealthLevel Level, DateTime Since)> _troubles = [];
    private DeadReport? _dead;
    private long _deadAt;

    public FiguresBody Figures { get; private set; } = new(null, null, "good", null, null);

    public HealthBody Health { get; private set; } = new([], [], [], DeadBody.Of(new(0, 0, [])));

    public async ValueTask LookAsync(CancellationToken cancellation)
    {
        var summary = await store.SummaryAsync(cancellation);
        var (found, failure) = await ShardsAsync(cancellation);
        var facts = new HealthFacts(
            time.GetUtcNow().UtcDateTime,
            summary,
            found,
            await processes.ListAsync(cancellation),
            await DeadAsync(cancellation),
            failure);
        var findings = HealthRules.Judge(facts);
        var worst = HealthRules.Worst(findings);
        if (worst.Level != _level)
            (_level, _since) = (worst.Level, facts.Now);
        Figures = new FiguresBody(
            facts.AckP99Seconds is { } p99 ? Math.Round(p99 * 1000, 2) : null,
            facts.Connections,
            Name(worst.Level),
            worst.Level == HealthLevel.Good ? null : worst.Reason,
            worst.Level == HealthLevel.Good ? null : _since);
        _troubles = findings.Where(finding => finding.Level != HealthLevel.Good).ToDictionary(
            finding => finding.Name,
            finding => _troubles.GetValueOrDefault(finding.Name) is var known
                && known.Level == finding.Level ? known : (finding.Level, facts.Now));
        Health = new HealthBody(
            [.. findings.Select(finding => new FindingBody(
                finding.Name,
                Name(finding.Level),
                finding.Reason,
                _troubles.TryGetValue(finding.Name, out var trouble) ? trouble.Since : null))],
            facts.Shards,
            facts.Processes,
            DeadBody.Of(facts.Dead));
    }

    private static string Name(HealthLevel level) => level switch
    {
        HealthLevel.Good => "good",
        HealthLevel.Warn => "warn",
        _ => "bad",
    };

    // A log that fails is a finding; its shards stay as they were known last. Where the store is
    // away, too, pages get no update at all.
    private async ValueTask<(IReadOnlyList<ShardHealth> Shards, string? Failure)> ShardsAsync(
        CancellationToken cancellation)
    {
        try
        {
            return (_shards = await shards.ShardsAsync(cancellation), null);
        }
        catch (LogUnavailableException exception)
        {
            return (_shards, exception.Message);
        }
    }

    private async ValueTask<DeadReport> DeadAsync(CancellationToken cancellation)
    {
        if (_dead is null || time.GetElapsedTime(_deadAt) > DeadAge)
        {
            _dead = await dead.ListAsync(DeadRows, cancellation);
            _deadAt = time.GetTimestamp();
        }
        return _dead;
    }
}
