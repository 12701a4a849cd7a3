using System.Globalization;

namespace TradeProcessor.Tests.Support;

/// <summary>What a test takes from the environment: TP_SEED to repeat a run, TP_KILLS, ….</summary>
internal static class Settings
{
    public static int Number(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;

    public static int Seed() => Number("TP_SEED", Random.Shared.Next(1_000_000));
}
