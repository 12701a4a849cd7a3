using System.Text.Json;

namespace TradeProcessor.Bench.Board;

/// <summary>
/// The newest result of each benchmark as NAME.json, of quick runs as NAME.quick.json: trying a
/// benchmark takes nothing from the scoreboard.
/// </summary>
internal sealed class ResultStore(string directory)
{
    public void Keep(StoredResult result)
    {
        _ = Directory.CreateDirectory(directory);
        File.WriteAllBytes(
            FileOf(result.Name, result.Quick), JsonSerializer.SerializeToUtf8Bytes(result));
    }

    public StoredResult Read(string name, bool quick)
    {
        var file = FileOf(name, quick);
        var result = File.Exists(file)
            ? JsonSerializer.Deserialize<StoredResult>(File.ReadAllBytes(file))
            : null;
        // Earlier builds kept quick ones under the name of full ones.
        return result?.Quick == quick
            ? result
            : new StoredResult(name, "", quick, null, "has not run");
    }

    private string FileOf(string name, bool quick) =>
        Path.Combine(directory, NameOf(name, quick) + ".json");

    /// <summary>Of its files, without their ending.</summary>
    public static string NameOf(string name, bool quick) => quick ? $"{name}.quick" : name;
}
