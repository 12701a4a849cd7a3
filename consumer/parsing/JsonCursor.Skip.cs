namespace TradeProcessor.Consumer.Parsing;

internal ref partial struct JsonCursor
{
    /// <summary>Moves over a value of any kind and all that is in it.</summary>
    /// <param name="depth">Arrays and objects that are open around the value.</param>
    public bool TrySkip(int depth)
    {
        ulong objects = 0; // a bit for each container opened here, the innermost lowest: 1 = object
        var outer = depth;
        while (true)
        {
            var first = Peek();
            switch (first)
            {
                case (byte)'{' or (byte)'[':
                    if (depth == MaxDepth)
                        return false;
                    Take();
                    depth++;
                    objects = objects << 1 | (first == '{' ? 1UL : 0);
                    if (Peek() == first + 2) // '}' and ']' stand two behind their opening ones
                        break;
                    if (first == '{' && !TryName(out _, out _))
                        return false;
                    continue;
                case (byte)'"':
                    if (!TryString(out _, out _))
                        return false;
                    break;
                case (byte)'t' or (byte)'f' or (byte)'n':
                    if (!TryLiteral())
                        return false;
                    break;
                case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                    if (!TryNumber(out _))
                        return false;
                    break;
                default:
                    return false;
            }
            if (!TryLeave(ref objects, ref depth, outer))
                return false;
            if (depth == outer)
                return true;
        }
    }

    /// <summary>Moves over a member's name and its colon.</summary>
    public bool TryName(out ReadOnlySpan<byte> raw, out bool escaped)
    {
        raw = default;
        escaped = false;
        return Peek() == '"' && TryString(out raw, out escaped) && TryTake((byte)':');
    }

    // Behind a value: closes what ends here, and stops before the next value or outside of all.
    private bool TryLeave(ref ulong objects, ref int depth, int outer)
    {
        while (depth > outer)
        {
            var inObject = (objects & 1) != 0;
            var next = Peek();
            if (next == ',')
            {
                Take();
                return !inObject || TryName(out _, out _);
            }
            if (next != (inObject ? '}' : ']'))
                return false;
            Take();
            objects >>= 1;
            depth--;
        }
        return true;
    }
}
