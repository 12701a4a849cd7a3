using System.Buffers.Text;
using System.Globalization;

namespace TradeProcessor.Load.Verifying;

/// <summary>
/// Money as whole units of 1e-8 in 128 bits, written here once more on purpose: a check that
/// shared the service's arithmetic would share its mistakes.
/// </summary>
internal static class Amount
{
    private const int Scale = 8;

    public static Int128 FromCents(Int128 cents) => checked(cents * 1_000_000);

    /// <summary>Reads a JSON number without going through a binary fraction.</summary>
    /// <exception cref="FormatException">Not a number, or finer than 1e-8.</exception>
    public static Int128 Parse(ReadOnlySpan<byte> text)
    {
        var mantissa = text;
        var exponent = 0;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            mantissa = text[..e];
            var power = text[(e + 1)..];
            if (power.StartsWith("+"u8))
                power = power[1..];
            if (!Utf8Parser.TryParse(power, out exponent, out var used) || used != power.Length)
                throw Bad(text);
        }

        var negative = mantissa.StartsWith("-"u8);
        var point = mantissa.IndexOf((byte)'.');
        var fraction = point < 0 ? [] : mantissa[(point + 1)..].TrimEnd((byte)'0');
        var whole = mantissa[(negative ? 1 : 0)..(point < 0 ? mantissa.Length : point)];
        var shift = Scale + exponent - fraction.Length;
        var value = Append(Append(0, whole, text), fraction, text);
        for (; shift < 0 && value != 0 && value % 10 == 0; shift++)
            value /= 10;
        if (value != 0 && shift is < 0 or > 38)
            throw Bad(text);

        for (; value != 0 && shift > 0; shift--)
            value = checked(value * 10);
        return negative ? -value : value;
    }

    public static string Format(Int128 units)
    {
        var (whole, fraction) = Int128.DivRem(Int128.Abs(units), 100_000_000);
        var digits = ((long)fraction).ToString("D8", CultureInfo.InvariantCulture).TrimEnd('0');
        var sign = units < 0 ? "-" : "";
        var text = sign + whole.ToString(CultureInfo.InvariantCulture);
        return digits.Length == 0 ? text : $"{text}.{digits}";
    }

    private static Int128 Append(Int128 value, ReadOnlySpan<byte> digits, ReadOnlySpan<byte> text)
    {
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                throw Bad(text);
            value = checked(value * 10 + (digit - '0'));
        }

        return value;
    }

    private static FormatException Bad(ReadOnlySpan<byte> text) =>
        new($"not an exact amount: {System.Text.Encoding.Latin1.GetString(text)}");
}
