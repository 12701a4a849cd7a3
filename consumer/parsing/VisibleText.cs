using System.Globalization;
using System.Text;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>Which characters a user id may have: letters, marks, numbers, punctuation, symbols.</summary>
internal static class VisibleText
{
    private const int PlaneSize = 0x10000;

    // One bit for each character of the first plane: 8 KB, of which an alphabet uses a few lines.
    private static readonly uint[] Visible = Load();

    public static bool Contains(int scalar) => scalar < PlaneSize
        ? (Visible[scalar >> 5] >> scalar & 1) != 0
        : IsVisible(Rune.GetUnicodeCategory(new Rune(scalar)));

    private static uint[] Load()
    {
        var bits = new uint[PlaneSize / 32];
        for (var scalar = 0; scalar < PlaneSize; scalar++)
        {
            if (IsVisible(CharUnicodeInfo.GetUnicodeCategory((char)scalar)))
                bits[scalar >> 5] |= 1u << scalar;
        }
        return bits;
    }

    private static bool IsVisible(UnicodeCategory category) => category switch
    {
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control
            or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => false,
        _ => true,
    };
}
