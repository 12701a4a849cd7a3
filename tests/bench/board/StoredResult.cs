using System.Text.Json;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Board;

/// <summary>What a benchmark came to when it ran last, in artifacts/bench/NAME.json.</summary>
/// <param name="Machine">Machine, system, date, and the commit that ran.</param>
/// <param name="Failure">Why there is no result.</param>
internal sealed record StoredResult(
    string Name, string Machine, bool Quick, BenchResult? Result, string? Failure)
{
    public static void Keep(string name, bool quick, BenchResult result) =>
        Write(new StoredResult(name, Setting(), quick, result, null));

    public static void Fail(string name, bool quick, string why) =>
        Write(new StoredResult(name, Setting(), quick, null, why));

    public static StoredResult Read(string name) => File.Exists(FileOf(name))
        ? JsonSerializer.Deserialize<StoredResult>(File.ReadAllBytes(FileOf(name)))!
        : new StoredResult(name, "", false, null, "has not run");

    private static string Setting() => $"{BenchReport.Machine()}; {Repository.State()}";

    private static void Write(StoredResult result)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(FileOf(result.Name))!);
        File.WriteAllBytes(FileOf(result.Name), JsonSerializer.SerializeToUtf8Bytes(result));
    }

    private static string FileOf(string name) => Path.Combine("artifacts", "bench", name + ".json");
}
