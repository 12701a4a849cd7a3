namespace TradeProcessor.Contracts;

/// <summary>
/// Code of a currency or of a configured asset: 2 to 6 characters of A–Z and 0–9, packed base 37
/// into 32 bits, so that a frame needs no table to be read. The default value stands for "other".
/// </summary>
public readonly record struct AssetCode(uint Packed) : IComparable<AssetCode>
{
    public const int MinLength = 2;
    public const int MaxLength = 6;

    private const uint Base = 37;

    /// <summary>Packs ASCII bytes. False where the length or a character is not allowed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out AssetCode code)
    {
        code = default;
        if (ascii.Length is < MinLength or > MaxLength)
            return false;
        uint packed = 0;
        foreach (var b in ascii)
        {
            uint digit;
            if (b is >= (byte)'A' and <= (byte)'Z')
                digit = b - (uint)'A' + 1;
            else if (b is >= (byte)'0' and <= (byte)'9')
                digit = b - (uint)'0' + 27;
            else
                return false;
            packed = packed * Base + digit;
        }
        code = new AssetCode(packed);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out AssetCode)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out AssetCode code)
    {
        code = default;
        if (text.Length > MaxLength)
            return false;
        Span<byte> ascii = stackalloc byte[MaxLength];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] > 'Z')
                return false;
            ascii[i] = (byte)text[i];
        }
        return TryParse(ascii[..text.Length], out code);
    }

    /// <exception cref="FormatException">The text is not a code.</exception>
    public static AssetCode Parse(ReadOnlySpan<char> text) => TryParse(text, out var code)
        ? code
        : throw new FormatException($"'{text}' is not an asset code of 2–6 characters A–Z, 0–9.");

    /// <summary>Writes the code's characters; returns how many (at most 6).</summary>
    public int Format(Span<char> destination)
    {
        var length = 0;
        for (var rest = Packed; rest != 0; rest /= Base)
            length++;
        var left = Packed;
        for (var i = length - 1; i >= 0; i--, left /= Base)
        {
            var digit = left % Base;
            destination[i] = (char)(digit <= 26 ? 'A' + digit - 1 : '0' + digit - 27);
        }
        return length;
    }

    public int CompareTo(AssetCode other) => Packed.CompareTo(other.Packed);

    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxLength + 1];
        return new string(text[..Format(text)]);
    }
}
