using System.Runtime.CompilerServices;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>Reads <c>d-MMM-yy H:mm:ss</c> and the quote behind it eight bytes at a time.</summary>
internal static class NamedTime
{
    private const long DaysTo2000 = 730_119;

    // Of each month from 1: days before it in the low 9 bits, its length above; no leap year.
    private static readonly ushort[] MonthDays =
    [
        0, 0 | 31 << 9, 31 | 28 << 9, 59 | 31 << 9, 90 | 30 << 9, 120 | 31 << 9, 151 | 30 << 9,
        181 | 31 << 9, 212 | 31 << 9, 243 | 30 << 9, 273 | 31 << 9, 304 | 30 << 9, 334 | 31 << 9,
    ];

    /// <summary>
    /// Answers the length with the quote, or 0 where it is no such time: then
    /// <see cref="PlacedTime"/> tells. Free of branches on the number of digits, which real days
    /// and hours would make unpredictable.
    /// </summary>
    /// <param name="text">24 bytes can be read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe int Read(byte* text, out long ticks)
    {
        var date = text + OneOrTwo(text, '-', out var day);
        var dateBytes = Unsafe.ReadUnaligned<ulong>(date); // "-MMM-yy "
        var hourText = date + 8;
        var time = hourText + OneOrTwo(hourText, ':', out var hour);
        var timeBytes = Unsafe.ReadUnaligned<ulong>(time); // ":mm:ss" and a quote

        var month = MonthName.Find((uint)(dateBytes >> 8));
        uint tens = (uint)(dateBytes >> 40 & 0xFF) - '0';
        uint ones = (uint)(dateBytes >> 48 & 0xFF) - '0';
        var year = tens * 10 + ones;
        var leap = (year & 3) == 0;
        uint days = MonthDays[month];
        var length = (days >> 9) + (leap && month == 2 ? 1u : 0);

        // Digits of mm and ss as numbers; adding carries into the top bit where one is too large.
        var clock = (timeBytes ^ 0x0000_3030_0030_3000) & 0x0000_FFFF_00FF_FF00;
        var tooLarge = (clock | clock + 0x0000_767A_0076_7A00) & 0x0000_8080_0080_8000;
        ticks = 0;
        if ((dateBytes & 0xFF00_00FF_0000_00FF) != 0x2000_002D_0000_002D
            || (timeBytes & 0x00FF_0000_FF00_00FF) != 0x0022_0000_3A00_003A
            || tooLarge != 0 || tens > 9 || ones > 9 || day - 1 >= length || hour > 23)
        {
            return 0;
        }
        var minute = (uint)(clock >> 8 & 0xFF) * 10 + (uint)(clock >> 16 & 0xFF);
        var second = (uint)(clock >> 32 & 0xFF) * 10 + (uint)(clock >> 40 & 0xFF);
        var date2000 = year * 365 + (year + 3) / 4 + (days & 0x1FF) + day - 1
            + (leap && month > 2 ? 1u : 0);
        ticks = ((DaysTo2000 + date2000) * 86_400 + hour * 3600 + minute * 60 + second)
            * TimeSpan.TicksPerSecond;
        return (int)(time - text) + 7;
    }

    // One digit and the separator, or two digits. A value past 99 where a digit is none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe int OneOrTwo(byte* text, char separator, out uint value)
    {
        var two = text[1] == separator ? 0u : 1u;
        uint first = text[0] - (uint)'0', second = (text[1] - (uint)'0') * two;
        value = first > 9 || second > 9 ? 1000 : first + two * 9 * first + second;
        return 1 + (int)two;
    }
}
