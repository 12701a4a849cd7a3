using System.IO.Compression;

namespace TradeProcessor.Load.Files;

/// <summary>One file to send. Its first bytes say what it is, not its name.</summary>
internal sealed class TradeFile : IDisposable
{
    private readonly FileStream _file;
    private readonly Stream _text;

    /// <exception cref="UsageException">Not there, or not readable.</exception>
    public TradeFile(string path)
    {
        Path = path;
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            Length = _file.Length;
            Span<byte> magic = stackalloc byte[2];
            var isGzip = _file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2
                && magic.SequenceEqual((ReadOnlySpan<byte>)[0x1F, 0x8B]);
            _file.Position = 0;
            _text = isGzip ? new GZipStream(_file, CompressionMode.Decompress) : _file;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _file?.Dispose();
            throw new UsageException($"--file {path}: {e.Message}");
        }
    }

    public string Path { get; }

    /// <summary>Bytes on disk, compressed where it is.</summary>
    public long Length { get; }

    public long BytesRead => _file.Position;

    /// <exception cref="UsageException">Neither NDJSON nor CSV with a known header.</exception>
    /// <exception cref="InvalidDataException">A damaged gzip file.</exception>
    public IEnumerable<FileLine> Read()
    {
        var lines = new LineReader(_text, Path);
        ReadOnlyMemory<byte> first;
        do
        {
            if (!lines.TryRead(out first))
                return [];
        }
        while (IsBlank(first));

        var start = first.Span.TrimStart(" \t"u8);
        if (start[0] == (byte)'[')
        {
            throw new UsageException(
                $"{Path} is a JSON array: give one trade per line, as by jq -c '.[]'");
        }

        return start[0] == (byte)'{'
            ? Ndjson(lines, first)
            : new CsvTrades(Path, lines, first).Read();
    }

    public void Dispose()
    {
        _text.Dispose();
        _file.Dispose();
    }

    private static IEnumerable<FileLine> Ndjson(LineReader lines, ReadOnlyMemory<byte> line)
    {
        do
        {
            if (!IsBlank(line))
                yield return new FileLine(lines.Number, line);
        }
        while (lines.TryRead(out line));
    }

    private static bool IsBlank(ReadOnlyMemory<byte> line) => line.Span.Trim(" \t\r"u8).IsEmpty;
}
