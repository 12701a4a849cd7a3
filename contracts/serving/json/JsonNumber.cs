using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>
/// A number as readers get it: <c>±Mantissa × 10^-Scale</c>, written in full, without exponent and
/// without rounding. It never passes through a <see cref="double"/>.
/// </summary>
[JsonConverter(typeof(JsonNumberConverter))]
public readonly struct JsonNumber(UInt128 mantissa, int scale, bool isNegative = false)
    : IEquatable<JsonNumber>
{
    /// <summary>Longest text: sign, "0.", 60 decimals or so of a quotient, 39 digits.</summary>
    public const int MaxTextBytes = 128;

    private const int MaxScale = 80;

    public UInt128 Mantissa { get; } = mantissa;

    /// <summary>Decimals; negative for zeros before the point. From -80 to 80.</summary>
    public int Scale { get; } = scale;

    public bool IsNegative { get; } = isNegative && mantissa != 0;

    /// <summary>A sum that counts units of 1e-8.</summary>
    public static JsonNumber FromUnits(UInt128 units) => new(units, ExactDecimal.SumScale);

    public static implicit operator JsonNumber(ExactDecimal number) =>
        new(number.Mantissa, number.Scale);

    /// <summary>Writes the shortest plain text; returns its length.</summary>
    public int Format(Span<byte> destination)
    {
        var written = 0;
        if (IsNegative)
            destination[written++] = (byte)'-';
        if (Scale >= 0 || Mantissa == 0)
        {
            var scale = Math.Max(Scale, 0);
            return written + ExactDecimal.Format(Mantissa, scale, destination[written..]);
        }
        written += ExactDecimal.Format(Mantissa, 0, destination[written..]);
        destination.Slice(written, -Scale).Fill((byte)'0');
        return written - Scale;
    }

    /// <summary>Reads plain text such as <c>-12.50</c>; an exponent is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out JsonNumber number)
    {
        number = default;
        var isNegative = text is [(byte)'-', ..];
        if (isNegative)
            text = text[1..];
        var point = text.IndexOf((byte)'.');
        var decimals = point < 0 ? 0 : text.Length - point - 1;
        var isOpen = point == 0 || text is [.., (byte)'.'];
        if (isOpen || text.Length > MaxTextBytes || decimals > MaxScale)
            return false;
        Span<byte> digits = stackalloc byte[text.Length];
        text.CopyTo(digits);
        if (point >= 0)
        {
            digits[(point + 1)..].CopyTo(digits[point..]);
            digits = digits[..^1];
        }
        const NumberStyles plain = NumberStyles.None;
        if (!UInt128.TryParse(digits, plain, CultureInfo.InvariantCulture, out var mantissa))
            return false;
        number = new JsonNumber(mantissa, decimals, isNegative);
        return true;
    }

    public bool Equals(JsonNumber other)
    {
        if (IsNegative != other.IsNegative)
            return false;
        if (Scale == other.Scale || (Mantissa == 0 && other.Mantissa == 0))
            return Mantissa == other.Mantissa;
        return ToString() == other.ToString();
    }

    public override bool Equals([NotNullWhen(true)] object? obj) =>
        obj is JsonNumber other && Equals(other);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(JsonNumber left, JsonNumber right) => left.Equals(right);

    public static bool operator !=(JsonNumber left, JsonNumber right) => !left.Equals(right);

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextBytes];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }
}

/// <summary>Writes and reads the digits themselves.</summary>
public sealed class JsonNumberConverter : JsonConverter<JsonNumber>
{
    public override JsonNumber Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number
            && JsonNumber.TryParse(Digits(reader), out var number))
        {
            return number;
        }
        throw new JsonException("Expected a number without exponent.");
    }

    public override void Write(
        Utf8JsonWriter writer, JsonNumber value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[JsonNumber.MaxTextBytes];
        writer.WriteRawValue(text[..value.Format(text)], skipInputValidation: true);
    }

    private static ReadOnlySpan<byte> Digits(in Utf8JsonReader reader) => reader.HasValueSequence
        ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence)
        : reader.ValueSpan;
}
