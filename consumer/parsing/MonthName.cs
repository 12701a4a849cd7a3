using System.Runtime.CompilerServices;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>English month names of three letters, in any case.</summary>
internal static class MonthName
{
    // Name in the low 24 bits, number above. The place is the top four bits of name * Multiplier,
    // which was found by search: it sends the twelve names to twelve places.
    private const uint Multiplier = 26596;

    private static readonly uint[] Table =
    [
        0x076C756A, 0x0B766F6E, 0, 0x0A74636F,
        0x0579616D, 0x0C636564, 0x0372616D, 0x04727061,
        0, 0x09706573, 0, 0,
        0x016E616A, 0x066E756A, 0x02626566, 0x08677561,
    ];

    /// <summary>1–12, or 0.</summary>
    /// <param name="letters">The first one in the lowest byte; the highest byte is ignored.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(uint letters)
    {
        // Only letters become lower-case letters by this bit.
        var name = (letters | 0x202020) & 0xFFFFFF;
        var entry = Table[(int)(name * Multiplier >> 28)];
        return (entry & 0xFFFFFF) == name ? (int)(entry >> 24) : 0;
    }
}
