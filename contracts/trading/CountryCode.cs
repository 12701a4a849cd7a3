namespace TradeProcessor.Contracts;

/// <summary>
/// ISO 3166-1 alpha-2 code: two ASCII letters in 16 bits, the first in the high byte. The default
/// value stands for "other".
/// </summary>
public readonly record struct CountryCode(ushort Packed) : IComparable<CountryCode>
{
    private const int Letters = 26;
    private static readonly ulong[] Known = Load();

    public static CountryCode Other => default;

    /// <summary>Reads a code that the table knows (case matters).</summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out CountryCode code)
    {
        code = default;
        if (ascii.Length != 2)
            return false;
        uint first = ascii[0] - (uint)'A', second = ascii[1] - (uint)'A';
        if (first >= Letters || second >= Letters)
            return false;
        var bit = first * Letters + second;
        if ((Known[bit >> 6] >> (int)(bit & 63) & 1) == 0)
            return false;
        code = new CountryCode((ushort)(ascii[0] << 8 | ascii[1]));
        return true;
    }

    /// <summary>Reads a code that the table knows, or <c>other</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CountryCode code)
    {
        code = default;
        if (text is CurrencyPair.OtherName)
            return true;
        return text is [<= 'Z', <= 'Z'] && TryParse([(byte)text[0], (byte)text[1]], out code);
    }

    /// <summary>All codes of the table, in its order.</summary>
    public static IEnumerable<CountryCode> All
    {
        get
        {
            for (var i = 0; i < IsoTables.Countries.Length; i += 2)
            {
                var letters = IsoTables.Countries.Slice(i, 2);
                yield return new CountryCode((ushort)(letters[0] << 8 | letters[1]));
            }
        }
    }

    public int CompareTo(CountryCode other) => Packed.CompareTo(other.Packed);

    public override string ToString() =>
        Packed == 0 ? CurrencyPair.OtherName : new string([(char)(Packed >> 8), (char)(Packed & 0xFF)]);

    private static ulong[] Load()
    {
        var bits = new ulong[(Letters * Letters + 63) / 64];
        var codes = IsoTables.Countries;
        for (var i = 0; i < codes.Length; i += 2)
        {
            var bit = (codes[i] - 'A') * Letters + (codes[i + 1] - 'A');
            bits[bit >> 6] |= 1UL << (bit & 63);
        }
        return bits;
    }
}
