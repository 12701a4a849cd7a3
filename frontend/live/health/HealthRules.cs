using System.Globalization;
using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>Something that is well or not, and why, in words that an operator reads.</summary>
internal readonly record struct Finding(string Name, HealthLevel Level, string Reason);

internal enum HealthLevel
{
    Good,
    Warn,
    Bad,
}

/// <summary>Judges facts. The limits are those at which somebody would want to look.</summary>
internal static class HealthRules
{
    private static readonly (double Warn, double Bad) BehindSeconds = (2, 10);
    private static readonly (double Warn, double Bad) AckSeconds = (0.25, 1);
    // Of fewer, the hundredth part is a single one.
    private const long LeastForAShare = 200;

    private static readonly (double Warn, double Bad) RequestsWaiting = (10_000, 50_000);
    private static readonly (double Warn, double Bad) SilentSeconds = (5, 20);
    // Both: a large disk has room for long, a small one is never far from full.
    private static readonly (long Bytes, double Share) DiskWarn = (2L << 30, 0.1);
    private static readonly (long Bytes, double Share) DiskBad = (256L << 20, 0.03);

    public static IReadOnlyList<Finding> Judge(HealthFacts facts) =>
    [
        Log(facts),
        .. Disk(facts),
        Counting(facts),
        Shards(facts),
        Intake(facts),
        Acknowledging(facts),
        DeadLetters(facts.Dead),
        Processes(facts),
    ];

    /// <summary>The first of the worst.</summary>
    public static Finding Worst(IReadOnlyList<Finding> findings) =>
        findings.MaxBy(finding => finding.Level);

    private static Finding Log(HealthFacts facts) => facts.LogFailure is { } failure
        ? new("Trade log", HealthLevel.Bad, $"No trades are taken: {failure}")
        : new("Trade log", HealthLevel.Good, "It takes trades.");

    // The fullest one; where the log is not on a disk of its own process, nothing is known of it.
    private static IEnumerable<Finding> Disk(HealthFacts facts)
    {
        var fullest = facts.Shards
            .Where(shard => shard.DiskBytes > 0)
            .MinBy(shard => shard.DiskFreeBytes);
        if (fullest is not { DiskFreeBytes: { } free, DiskBytes: { } all })
            yield break;
        var level = IsBelow(DiskBad) ? HealthLevel.Bad
            : IsBelow(DiskWarn) ? HealthLevel.Warn
            : HealthLevel.Good;
        var left = $"The disk of the log has {Bytes(free)} of {Bytes(all)} left";
        yield return new("Disk", level, level == HealthLevel.Good
            ? $"{left}."
            : $"{left}; once it is full, no trades are taken.");

        bool IsBelow((long Bytes, double Share) limit) =>
            free < limit.Bytes && free < limit.Share * all;
    }

    private static Finding Counting(HealthFacts facts)
    {
        var behind = facts.Summary.LagSeconds;
        return new("Counting", LevelOf(behind, BehindSeconds), behind < BehindSeconds.Warn
            ? $"It keeps up: {Seconds(behind)} behind. {Seconds(BehindSeconds.Warn)} would want a look."
            : $"The figures are {Seconds(behind)} behind what was accepted.");
    }

    private static Finding Shards(HealthFacts facts)
    {
        var orphans = facts.Shards.Where(shard => shard.Owner is null).ToList();
        if (orphans.Count == 0)
            return new("Shards", HealthLevel.Good, "Each shard has a worker that counts it.");
        var names = string.Join(", ", orphans.Select(shard => shard.Shard));
        return new("Shards", HealthLevel.Bad,
            $"Nobody counts {(orphans.Count == 1 ? "shard" : "shards")} {names}: start a worker.");
    }

    private static Finding Intake(HealthFacts facts)
    {
        var waiting = facts.RequestsWaiting;
        return new("Requests waiting", LevelOf(waiting, RequestsWaiting), waiting < RequestsWaiting.Warn
            ? $"{Number(waiting)} now. {Number((long)RequestsWaiting.Warn)} would want a look."
            : $"{Number(waiting)} requests wait for the log; beyond its limit they get 503.");
    }

    private static Finding Acknowledging(HealthFacts facts)
    {
        if (facts.RequestsRefused is > 0 and var refused)
        {
            return new("Answers", facts.AckP99Seconds is null ? HealthLevel.Bad : HealthLevel.Warn,
                $"{Number(refused)} {(refused == 1 ? "request was" : "requests were")} told 503, try "
                + "again, in the last 10 s.");
        }
        if (facts.AckP99Seconds is not { } p99)
            return new("Answers", HealthLevel.Good, "Nothing was sent in the last 10 s.");
        if (facts.RequestsAcked < LeastForAShare)
            return SlowestOfFew(p99, facts.RequestsAcked);
        return new("Answers", LevelOf(p99, AckSeconds), p99 < AckSeconds.Warn
            ? Quickly("99 of 100", p99)
            : $"One request in a hundred waits {Seconds(p99)} or longer for its answer.");
    }

    // One slow flush is no trouble of the service: where there are few, it would be each time.
    private static Finding SlowestOfFew(double seconds, long requests) => new(
        "Answers",
        seconds < AckSeconds.Bad ? HealthLevel.Good : HealthLevel.Warn,
        seconds < AckSeconds.Warn
            ? Quickly(requests == 1 ? "one" : $"all {Number(requests)}", seconds)
            : $"The slowest of {Number(requests)} requests in 10 s took {Seconds(seconds)}.");

    private static Finding DeadLetters(DeadReport dead) => dead.Total == 0
        ? new("Dead letters", HealthLevel.Good, "Every frame could be counted.")
        : new("Dead letters", HealthLevel.Warn,
            $"{Number(dead.Total)} {(dead.Total == 1 ? "frame" : "frames")} with "
            + $"{Number(dead.Trades)} trades could not be counted: see the command dead list.");

    private static Finding Processes(HealthFacts facts)
    {
        var silent = facts.Processes
            .Select(process => (process, Seconds: (facts.Now - process.At).TotalSeconds))
            .Where(each => each.Seconds >= SilentSeconds.Warn)
            .OrderByDescending(each => each.Seconds)
            .ToList();
        if (silent.Count == 0)
            return new("Processes", HealthLevel.Good, "All of them report.");
        var (longest, seconds) = silent[0];
        return new("Processes", LevelOf(seconds, SilentSeconds),
            $"The {longest.Program} {longest.Id} has been silent for {Seconds(seconds)}.");
    }

    private static HealthLevel LevelOf(double value, (double Warn, double Bad) limits) =>
        value >= limits.Bad ? HealthLevel.Bad
        : value >= limits.Warn ? HealthLevel.Warn
        : HealthLevel.Good;

    private static string Quickly(string whom, double seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"Clients get their answer quickly: {whom} within {seconds * 1000:0.#} ms. "
        + $"{AckSeconds.Warn * 1000:0} ms would want a look.");

    private static string Seconds(double seconds) => string.Create(
        CultureInfo.InvariantCulture, $"{seconds:0.#} s");

    private static string Bytes(long value) => value >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{(double)value / (1L << 30):0.#} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{value >> 20} MiB");

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
