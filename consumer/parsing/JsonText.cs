using System.Globalization;
using System.Text;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>Reads what stands between the quotes of a well-formed JSON string.</summary>
internal static class JsonText
{
    private const int LoneSurrogate = -1;

    /// <summary>Unescapes into UTF-8; false without room or with half of a pair.</summary>
    public static bool TryUnescape(ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        written = 0;
        while (!raw.IsEmpty)
        {
            var scalar = Next(ref raw);
            if (scalar == LoneSurrogate
                || !new Rune(scalar).TryEncodeToUtf8(destination[written..], out var bytes))
            {
                return false;
            }
            written += bytes;
        }
        return true;
    }

    /// <summary>Unescapes a user id of 1–64 visible characters.</summary>
    /// <param name="destination">Room for 64 characters of 4 bytes.</param>
    public static RejectCode ReadUserId(
        ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        const int MaxCharacters = 64;
        written = 0;
        if (raw.IsEmpty)
            return RejectCode.Required;
        var visible = true;
        for (var count = 1; !raw.IsEmpty; count++)
        {
            if (count > MaxCharacters)
                return RejectCode.TooLong;
            var scalar = Next(ref raw);
            if (scalar < 0 || !VisibleText.Contains(scalar))
                visible = false;
            else if (visible)
                written += new Rune(scalar).EncodeToUtf8(destination[written..]);
        }
        return visible ? RejectCode.None : RejectCode.BadCharacters;
    }

    // The next scalar value, or LoneSurrogate.
    private static int Next(ref ReadOnlySpan<byte> raw)
    {
        if (raw[0] != '\\')
        {
            _ = Rune.DecodeFromUtf8(raw, out var rune, out var bytes);
            raw = raw[bytes..];
            return rune.Value;
        }
        var kind = raw[1];
        if (kind != 'u')
        {
            raw = raw[2..];
            return kind switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                _ => kind,
            };
        }
        var unit = Unit(raw);
        raw = raw[6..];
        if (!char.IsSurrogate(unit))
            return unit;
        if (!char.IsHighSurrogate(unit)
            || !raw.StartsWith("\\u"u8)
            || !char.IsLowSurrogate(Unit(raw)))
        {
            return LoneSurrogate;
        }
        var scalar = char.ConvertToUtf32(unit, Unit(raw));
        raw = raw[6..];
        return scalar;
    }

    private static char Unit(ReadOnlySpan<byte> escape) => (char)ushort.Parse(
        escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
