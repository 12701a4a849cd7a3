namespace TradeProcessor.Load.Files;

/// <summary>
/// Joins lines to records: a line break within quotes belongs to the field. A quote that never
/// closes must not swallow the file: after some lines it is taken for a mistake of its own line,
/// and reading goes on at the next.
/// </summary>
internal sealed class CsvLines(LineReader lines)
{
    // None of a trade's fields has line breaks; this leaves room for a column of remarks.
    private const int MaxLines = 100;

    private readonly LinkedList<(long Number, byte[] Line)> _pushedBack = new();

    /// <returns>False at the end of the file.</returns>
    public bool TryRead(out long number, out byte[] record)
    {
        record = [];
        if (!TryLine(out number, out var line))
            return false;

        record = line;
        if (!HasOpenQuote(line))
            return true;

        var joined = new MemoryStream();
        joined.Write(line);
        var taken = new List<(long Number, byte[] Line)>();
        while (taken.Count < MaxLines && TryLine(out var next, out var more))
        {
            taken.Add((next, more));
            joined.WriteByte((byte)'\n');
            joined.Write(more);
            if (HasOpenQuote(more))
            {
                record = joined.ToArray();
                return true;
            }
        }

        for (var i = taken.Count - 1; i >= 0; i--)
            _pushedBack.AddFirst(taken[i]);
        return true;
    }

    // An odd number of quotes changes whether the next line is within quotes.
    private static bool HasOpenQuote(ReadOnlySpan<byte> line) => line.Count((byte)'"') % 2 == 1;

    private bool TryLine(out long number, out byte[] line)
    {
        if (_pushedBack.First is { } first)
        {
            (number, line) = first.Value;
            _pushedBack.RemoveFirst();
            return true;
        }

        var found = lines.TryRead(out var memory);
        (number, line) = (lines.Number, memory.ToArray());
        return found;
    }
}
