namespace TradeProcessor.Load.Files;

/// <summary>Lines of a stream as bytes, without their ends, in one buffer.</summary>
internal sealed class LineReader(Stream stream, string path)
{
    // The service refuses a single trade past 4 KiB; this is only against files that are not text.
    private const int MaxLine = 1024 * 1024;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Lines read so far, which is the number of the last one.</summary>
    public long Number { get; private set; }

    /// <returns>False at the end of the file.</returns>
    /// <exception cref="UsageException">A line longer than any text of trades.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        line = default;
        var searched = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_start + searched, _end - _start - searched);
            var length = rest.IndexOf((byte)'\n');
            if (length >= 0 || (_ended && _end > _start))
            {
                length = length >= 0 ? searched + length : _end - _start;
                line = Trim(_buffer.AsMemory(_start, length));
                _start = Math.Min(_end, _start + length + 1);
                Number++;
                return true;
            }

            if (_ended)
                return false;
            searched = _end - _start;
            Fill();
        }
    }

    private ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line)
    {
        if (Number == 0 && line.Span.StartsWith(ByteOrderMark))
            line = line[ByteOrderMark.Length..];
        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxLine)
            {
                throw new UsageException(
                    $"{path}:{Number + 1} is longer than {MaxLine} bytes; is it a file of trades?");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = stream.Read(_buffer.AsSpan(_end));
        _ended = count == 0;
        _end += count;
    }
}
