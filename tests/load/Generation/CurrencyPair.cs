using System.Text;

namespace TradeProcessor.Load.Generation;

/// <summary>A pair with a plausible rate: <c>Mid / 10^Decimals</c>.</summary>
/// <param name="From">ISO 4217 code sold.</param>
/// <param name="To">ISO 4217 code bought.</param>
/// <param name="Mid">Mantissa of the middle rate.</param>
/// <param name="Decimals">Decimals of the rate, 4 to 6.</param>
/// <param name="SellScale">Factor on the amount, so that yen are not sold by the ten.</param>
internal sealed record CurrencyPair(string From, string To, int Mid, int Decimals, int SellScale)
{
    public string Name { get; } = $"{From}/{To}";

    /// <summary>What stands between the user id and the amount in its trades.</summary>
    public byte[] Json { get; } = Encoding.ASCII.GetBytes(
        $"\",\"currencyFrom\":\"{From}\",\"currencyTo\":\"{To}\",\"amountSell\":");

    /// <summary>The most traded first; the generator draws by rank.</summary>
    public static CurrencyPair[] All { get; } =
    [
        new("EUR", "USD", 108_500, 5, 1), new("USD", "JPY", 1_512_000, 4, 1),
        new("GBP", "USD", 127_000, 5, 1), new("EUR", "GBP", 85_400, 5, 1),
        new("USD", "CHF", 88_300, 5, 1), new("AUD", "USD", 65_700, 5, 1),
        new("USD", "CAD", 136_400, 5, 1), new("USD", "CNY", 72_340, 4, 1),
        new("EUR", "JPY", 1_640_500, 4, 1), new("USD", "EUR", 92_166, 5, 1),
        new("GBP", "JPY", 1_920_200, 4, 1), new("EUR", "CHF", 95_800, 5, 1),
        new("NZD", "USD", 60_300, 5, 1), new("USD", "HKD", 78_210, 4, 1),
        new("USD", "SGD", 134_700, 5, 1), new("GBP", "EUR", 117_096, 5, 1),
        new("EUR", "SEK", 113_400, 4, 1), new("USD", "INR", 833_500, 4, 1),
        new("USD", "MXN", 170_600, 4, 1), new("USD", "KRW", 13_520_000, 4, 1),
        new("EUR", "NOK", 116_300, 4, 1), new("JPY", "USD", 6_613, 6, 100),
        new("USD", "ZAR", 187_300, 4, 1), new("EUR", "PLN", 43_100, 4, 1),
        new("USD", "BRL", 50_600, 4, 1), new("USD", "TRY", 322_400, 4, 1),
        new("EUR", "AUD", 165_200, 5, 1), new("AUD", "JPY", 993_400, 4, 1),
        new("EUR", "DKK", 74_590, 4, 1), new("EUR", "CZK", 252_900, 4, 1),
        new("EUR", "HUF", 3_945_000, 4, 1), new("GBP", "CHF", 112_200, 5, 1),
        new("CHF", "JPY", 1_712_600, 4, 1), new("EUR", "CAD", 147_900, 5, 1),
        new("USD", "THB", 364_200, 4, 1), new("USD", "AED", 36_725, 4, 1),
        new("USD", "ILS", 37_050, 4, 1), new("AUD", "NZD", 108_900, 5, 1),
        new("USD", "PHP", 565_300, 4, 1), new("EUR", "RON", 49_720, 4, 1),
        new("GBP", "AUD", 193_300, 5, 1), new("USD", "IDR", 162_000_000, 4, 1),
    ];
}
