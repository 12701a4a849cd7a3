using System.Collections.Frozen;

namespace TradeProcessor.Contracts;

/// <summary>Which asset codes are traded: ISO 4217, active and historic, and configured ones.</summary>
public sealed class AssetTable
{
    private const int Letters = 26;

    // One bit for each three-letter code: 2.2 KB, so that the usual look-up stays in the L1 cache.
    private readonly ulong[] _threeLetters = new ulong[(Letters * Letters * Letters + 63) / 64];
    private readonly FrozenSet<AssetCode> _extra;

    /// <param name="extra">Further codes, for example <c>BTC</c> or <c>USDT</c>.</param>
    public AssetTable(params IEnumerable<AssetCode> extra)
    {
        var codes = IsoTables.Currencies;
        for (var i = 0; i < codes.Length; i += 3)
        {
            var bit = Bit(codes.Slice(i, 3));
            _threeLetters[bit >> 6] |= 1UL << (int)(bit & 63);
        }
        _extra = extra.ToFrozenSet();
    }

    /// <summary>ISO 4217 alone.</summary>
    public static AssetTable Iso { get; } = new();

    /// <summary>Finds the code that the bytes spell (case matters).</summary>
    public bool TryFind(ReadOnlySpan<byte> ascii, out AssetCode code)
    {
        if (ascii.Length == 3)
        {
            var bit = Bit(ascii);
            if (bit < Letters * Letters * Letters
                && (_threeLetters[bit >> 6] >> (int)(bit & 63) & 1) != 0)
            {
                return AssetCode.TryParse(ascii, out code);
            }
        }
        return AssetCode.TryParse(ascii, out code) && _extra.Contains(code);
    }

    // A value past the table where a byte is no capital letter.
    private static uint Bit(ReadOnlySpan<byte> code)
    {
        uint a = code[0] - (uint)'A', b = code[1] - (uint)'A', c = code[2] - (uint)'A';
        return a >= Letters || b >= Letters || c >= Letters
            ? uint.MaxValue
            : (a * Letters + b) * Letters + c;
    }
}
