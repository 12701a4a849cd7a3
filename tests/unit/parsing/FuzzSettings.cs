using System.Globalization;

namespace TradeProcessor.Tests.Unit.Parsing;

/// <summary>
/// Seed and number of generated cases: <c>TRADE_FUZZ_SEED</c> and <c>TRADE_FUZZ_COUNT</c>. The
/// seed stands in the message of a failure.
/// </summary>
internal static class FuzzSettings
{
    public static int Seed => Read("TRADE_FUZZ_SEED", 20150124);

    public static int Count => Read("TRADE_FUZZ_COUNT", 200_000);

    private static int Read(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
