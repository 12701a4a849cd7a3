namespace TradeProcessor.Bench.Servers;

/// <summary>Who runs where: a server never shares its processor with what sends to it.</summary>
internal static class Cores
{
    public const int Server = 0;
    public const int Generator = 1;
}
