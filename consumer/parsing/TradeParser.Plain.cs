using System.Runtime.CompilerServices;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>Good trades that were read one after the other.</summary>
/// <param name="Count">Number of trades.</param>
/// <param name="Written">Bytes of their records.</param>
/// <param name="Newlines">In and between the trades.</param>
internal readonly record struct TradeRun(int Count, int Written, int Newlines);

internal sealed partial class TradeParser
{
    private const nuint PageBytes = 4096; // or a multiple of it
    private const int CopiedBytes = 1024; // several times an ordinary trade

    private readonly KnownCodes _codes = new(assets);

    /// <summary>
    /// Reads a good trade as programs send it. Answers its length up to behind the closing brace,
    /// or 0 where only <see cref="Parse"/> can tell.
    /// </summary>
    /// <param name="record">Room for <see cref="TradeRecord.MaxBytes"/>.</param>
    /// <param name="written">Length of the record; 0 where there is none.</param>
    public unsafe int ReadPlain(ReadOnlySpan<byte> utf8, Span<byte> record, out int written)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(record.Length, TradeRecord.MaxBytes);
        written = 0;
        if (utf8.Length < UsualTrade.MinBytes)
            return 0;
        fixed (byte* text = utf8, destination = record)
        {
            var end = text + utf8.Length;
            var stop = StopBefore(end);
            var length = ReadPlain(text, stop, end, destination);
            if (length == 0 && stop != end && utf8.Length <= CopiedBytes)
                length = ReadCopied(utf8, destination);
            written = length == 0 ? 0 : TradeRecord.FixedBytes + destination[0] + 1;
            return length;
        }
    }

    /// <summary>
    /// Reads good trades, each with what separates it from the next one, as far as programs send
    /// them so. Answers how many bytes they are; the rest is for <see cref="Parse"/>.
    /// </summary>
    /// <param name="until">No trade begins from here on.</param>
    /// <param name="lines">A newline ends each trade; else a comma.</param>
    /// <param name="maxBytes">Of a trade.</param>
    /// <param name="records">Takes their records, while <see cref="TradeRecord.MaxBytes"/> are
    /// free.</param>
    public unsafe int ReadRun(
        ReadOnlySpan<byte> utf8, int until, bool lines, int maxBytes, Span<byte> records,
        out TradeRun run)
    {
        int count = 0, newlines = 0;
        fixed (byte* text = utf8, first = records)
        {
            byte* at = text, end = text + utf8.Length, stop = StopBefore(end), record = first;
            var full = first + records.Length - TradeRecord.MaxBytes;
            while (end - at >= UsualTrade.MinBytes && at < text + until && record <= full)
            {
                var length = UsualTrade.Read(_codes, at, stop, end, record);
                var usual = length != 0;
                if (!usual)
                    length = PlainTrade.Read(_codes, at, stop, end, lines, record);
                var next = at + length;
                if (length == 0 || length > maxBytes || (next = Separated(next, end, lines)) == null)
                    break;
                if (lines)
                    newlines++;
                else if (!usual)
                    newlines += new ReadOnlySpan<byte>(at, length).Count((byte)'\n');
                at = next;
                record += TradeRecord.FixedBytes + record[0] + 1;
                count++;
            }
            run = new TradeRun(count, (int)(record - first), newlines);
            return (int)(at - text);
        }
    }

    // Behind the separator, or null.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe byte* Separated(byte* at, byte* end, bool lines)
    {
        if (at >= end)
            return null;
        if (!lines)
            return *at == ',' ? at + 1 : null;
        if (*at == '\r' && end - at > 1)
            at++;
        return *at == '\n' ? at + 1 : null;
    }

    private unsafe int ReadPlain(byte* text, byte* stop, byte* end, byte* record)
    {
        var length = UsualTrade.Read(_codes, text, stop, end, record);
        return length != 0 ? length : PlainTrade.Read(_codes, text, stop, end, oneLine: false, record);
    }

    // What lies behind the text on the same page of memory can be read, whatever it is: a trade
    // counts only where it ends before. Where too little lies there, the last members cannot be
    // read so.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe byte* StopBefore(byte* end) =>
        PageBytes - ((nuint)end & (PageBytes - 1)) >= PlainTrade.Slack
        && ((nuint)end & (PageBytes - 1)) != 0
            ? end
            : end - PlainTrade.Slack;

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private unsafe int ReadCopied(ReadOnlySpan<byte> utf8, byte* record)
    {
        var copy = stackalloc byte[CopiedBytes + PlainTrade.Slack];
        utf8.CopyTo(new Span<byte>(copy, CopiedBytes));
        new Span<byte>(copy + utf8.Length, PlainTrade.Slack).Clear();
        var end = copy + utf8.Length;
        return ReadPlain(copy, end, end, record);
    }
}
