using System.Buffers;
using System.Text.Unicode;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>
/// Walks over JSON text as RFC 8259 has it, strictly: no comments, no trailing commas, valid UTF-8.
/// Every <c>Try</c> method answers false where the text is wrong or ends too early; then
/// <see cref="Position"/> is where, and <see cref="Ended"/> tells which of the two.
/// </summary>
internal ref partial struct JsonCursor(ReadOnlySpan<byte> text)
{
    /// <summary>Open arrays and objects, the outermost included; as Utf8JsonReader.</summary>
    public const int MaxDepth = 64;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(control => (byte)control), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _text = text;

    public int Position { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>Skips whitespace and looks at the next byte; 0 (never JSON) at the end.</summary>
    public byte Peek()
    {
        var at = Position;
        while ((uint)at < (uint)_text.Length)
        {
            var b = _text[at];
            if (b > ' ' || b is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                Position = at;
                return b;
            }
            at++;
        }
        Position = at;
        Ended = true;
        return 0;
    }

    /// <summary>Moves over the byte that was looked at.</summary>
    public void Take() => Position++;

    /// <summary>Moves over whitespace and this byte.</summary>
    public bool TryTake(byte expected)
    {
        if (Peek() != expected)
            return false;
        Position++;
        return true;
    }

    /// <summary>Moves over a literal, at whose first letter (t, f or n) it stands.</summary>
    public bool TryLiteral()
    {
        var literal = _text[Position] switch
        {
            (byte)'t' => "true"u8,
            (byte)'f' => "false"u8,
            _ => "null"u8,
        };
        foreach (var letter in literal)
        {
            if (Position == _text.Length)
                return End();
            if (_text[Position] != letter)
                return false;
            Position++;
        }
        return true;
    }

    /// <summary>Moves over a string, at whose opening quote it stands.</summary>
    /// <param name="raw">What is between the quotes, not unescaped; valid UTF-8.</param>
    public bool TryString(out ReadOnlySpan<byte> raw, out bool escaped)
    {
        raw = default;
        escaped = false;
        var start = ++Position;
        while (true)
        {
            var stop = _text[Position..].IndexOfAny(StringStops);
            if (stop < 0)
            {
                Position = _text.Length;
                return End();
            }
            Position += stop;
            if (_text[Position] == '"')
                break;
            escaped = true;
            if (_text[Position] != '\\' || !TryEscape())
                return false;
        }
        raw = _text[start..Position];
        if (!Utf8.IsValid(raw))
        {
            Position = start;
            return false;
        }
        Position++;
        return true;
    }

    private bool TryEscape()
    {
        if (++Position == _text.Length)
            return End();
        var kind = _text[Position];
        if (kind != 'u')
        {
            if (!"\"\\/bfnrt"u8.Contains(kind))
                return false;
            Position++;
            return true;
        }
        Position++;
        for (var i = 0; i < 4; i++, Position++)
        {
            if (Position == _text.Length)
                return End();
            if (!char.IsAsciiHexDigit((char)_text[Position]))
                return false;
        }
        return true;
    }

    private bool End()
    {
        Ended = true;
        return false;
    }
}
