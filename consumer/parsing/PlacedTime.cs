using System.Runtime.CompilerServices;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>
/// Reads <c>timePlaced</c>: <c>d-MMM-yy H:mm:ss</c> (UTC, years 2000–2099, English months in any
/// case) or ISO 8601 extended, <c>yyyy-MM-ddTHH:mm[:ss[.f{1,9}]][Z|±hh:mm|±hhmm|±hh]</c> (UTC
/// without an offset; digits past 100 ns are dropped; offsets to ±23:59).
/// </summary>
internal static class PlacedTime
{
    private const int Wrong = 100;

    /// <param name="ticks">UTC, 100 ns since 0001-01-01.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ticks) =>
        text.Length > 4 && text[4] == '-' ? TryIso(text, out ticks) : TryNamed(text, out ticks);

    private static bool TryNamed(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        var day = OneOrTwo(ref text);
        if (text.Length < 9 || text[0] != '-' || text[4] != '-' || text[7] != ' ')
            return false;
        var month = MonthName.Find(text[1] | (uint)text[2] << 8 | (uint)text[3] << 16);
        var year = Two(text, 5);
        text = text[8..];
        var hour = OneOrTwo(ref text);
        return text.Length == 6 && text[0] == ':' && text[3] == ':' && year != Wrong
            && TryTicks(2000 + year, month, day, hour, Two(text, 1), Two(text, 4), out ticks);
    }

    private static bool TryIso(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 16 || text[7] != '-' || text[10] != 'T' || text[13] != ':')
            return false;
        int century = Two(text, 0), year = Two(text, 2), second = 0;
        var rest = text[16..];
        long fraction = 0;
        if (rest is [(byte)':', _, _, ..])
        {
            second = Two(rest, 1);
            rest = rest[3..];
            if (rest is [(byte)'.', ..] && !TryFraction(ref rest, out fraction))
                return false;
        }
        if (century == Wrong || year == Wrong || !TryOffset(rest, out var offset)
            || !TryTicks(century * 100 + year, Two(text, 5), Two(text, 8), Two(text, 11),
                Two(text, 14), second, out ticks))
        {
            return false;
        }
        ticks += fraction - offset;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        const int MaxDigits = 9, TickDigits = 7;
        ticks = 0;
        var count = 0;
        for (rest = rest[1..]; !rest.IsEmpty && char.IsAsciiDigit((char)rest[0]); rest = rest[1..])
        {
            if (++count <= TickDigits)
                ticks = ticks * 10 + (rest[0] - '0');
        }
        for (var i = count; i < TickDigits; i++)
            ticks *= 10;
        return count is > 0 and <= MaxDigits;
    }

    private static bool TryOffset(ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest is [(byte)'Z'])
            return true;
        if (rest[0] is not ((byte)'+' or (byte)'-') || rest.Length is not (3 or 5 or 6))
            return false;
        if (rest.Length == 6 && rest[3] != ':')
            return false;
        var hours = Two(rest, 1);
        var minutes = rest.Length == 3 ? 0 : Two(rest, rest.Length - 2);
        if (hours > 23 || minutes > 59)
            return false;
        ticks = (hours * 60 + minutes) * TimeSpan.TicksPerMinute;
        if (rest[0] == '-')
            ticks = -ticks;
        return true;
    }

    private static bool TryTicks(
        int year, int month, int day, int hour, int minute, int second, out long ticks)
    {
        ticks = 0;
        if (year < 1 || month is < 1 or > 12 || day < 1 || hour > 23 || minute > 59 || second > 59
            || day > 28 && day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }
        ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks;
        return true;
    }

    private static int OneOrTwo(ref ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
            return Wrong;
        var one = !char.IsAsciiDigit((char)text[1]);
        var value = one ? text[0] - '0' : Two(text, 0);
        text = text[(one ? 1 : 2)..];
        return value is < 0 or > 99 || one && value > 9 ? Wrong : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        uint tens = text[at] - (uint)'0', ones = text[at + 1] - (uint)'0';
        return tens > 9 || ones > 9 ? Wrong : (int)(tens * 10 + ones);
    }
}
