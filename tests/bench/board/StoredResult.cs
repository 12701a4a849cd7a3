using System.Text.Json.Serialization;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Board;

/// <summary>What a benchmark came to when it ran last.</summary>
/// <param name="Machine">Machine, system, date, and the commit that ran.</param>
/// <param name="Failure">Why there is no result.</param>
internal sealed record StoredResult(
    string Name, string Machine, bool Quick, BenchResult? Result, string? Failure)
{
    private const string Separator = "; ";

    /// <summary>With which it ran, and whether files differed from it.</summary>
    [JsonIgnore]
    public string Commit => Machine.Split(Separator)[^1];

    public static StoredResult Of(string name, bool quick, BenchResult result) =>
        new(name, Setting(), quick, result, null);

    public static StoredResult Failed(string name, bool quick, string why) =>
        new(name, Setting(), quick, null, why);

    private static string Setting() => BenchReport.Machine() + Separator + Repository.State();
}
