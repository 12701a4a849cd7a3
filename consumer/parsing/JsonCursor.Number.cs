namespace TradeProcessor.Consumer.Parsing;

/// <summary>The parts of a JSON number.</summary>
internal ref struct JsonNumber
{
    public bool Negative;
    public ReadOnlySpan<byte> Integer;

    /// <summary>Digits behind the point; empty without one.</summary>
    public ReadOnlySpan<byte> Fraction;

    public bool NegativeExponent;

    /// <summary>Digits of the exponent; empty without one.</summary>
    public ReadOnlySpan<byte> Exponent;
}

internal ref partial struct JsonCursor
{
    /// <summary>
    /// Moves over a number, at whose first byte it stands. A number at the end of the text counts
    /// as ended: more digits could follow.
    /// </summary>
    public bool TryNumber(out JsonNumber number)
    {
        number = default;
        number.Negative = _text[Position] == '-';
        if (number.Negative)
            Position++;
        var start = Position;
        if (!TryDigits(out number.Integer))
            return false;
        if (number.Integer.Length > 1 && number.Integer[0] == '0')
        {
            Position = start;
            return false;
        }
        if (_text[Position] == '.')
        {
            Position++;
            if (!TryDigits(out number.Fraction))
                return false;
        }
        if ((_text[Position] | 0x20) != 'e')
            return true;
        if (++Position == _text.Length)
            return End();
        if (_text[Position] is (byte)'+' or (byte)'-')
        {
            number.NegativeExponent = _text[Position] == '-';
            Position++;
        }
        return TryDigits(out number.Exponent);
    }

    // At least one digit, and a byte behind the last one.
    private bool TryDigits(out ReadOnlySpan<byte> digits)
    {
        var start = Position;
        while (Position < _text.Length && char.IsAsciiDigit((char)_text[Position]))
            Position++;
        digits = _text[start..Position];
        return Position == _text.Length ? End() : digits.Length > 0;
    }
}
