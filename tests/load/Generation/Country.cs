namespace TradeProcessor.Load.Generation;

/// <summary>Countries of origin, ISO 3166-1 alpha-2, the busiest first.</summary>
internal static class Country
{
    private const string ByRank =
        "US GB FR DE JP IE NL IT ES CH CA AU CN HK SG SE PL BE AT NO DK IN BR MX KR PT FI CZ TR "
        + "ZA AE IL NZ RO HU GR TH MY ID PH TW SA CL CO AR PE VN UA BG HR SK SI LT LV EE LU MT CY "
        + "IS EG NG KE MA";

    public static string[] All { get; } = ByRank.Split(' ');
}
