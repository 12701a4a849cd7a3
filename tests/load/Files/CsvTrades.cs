using System.Buffers;
using System.Text;
using System.Text.Json;

namespace TradeProcessor.Load.Files;

/// <summary>
/// Makes JSON trades of CSV records. Numbers are copied as they are written, so nothing is rounded
/// on the way; whether they are good is for the service to say, only what is no number at all
/// cannot be written.
/// </summary>
internal sealed class CsvTrades
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly CsvLines _records;
    private readonly string?[] _columns;
    private readonly List<string> _values = [];
    private readonly ArrayBufferWriter<byte> _json = new(512);

    /// <exception cref="UsageException">The header is not one of trades.</exception>
    public CsvTrades(string path, LineReader lines, ReadOnlyMemory<byte> header)
    {
        var names = new List<string>();
        if (!CsvRecord.TrySplit(Encoding.UTF8.GetString(header.Span), names))
            names.Clear();
        _columns = CsvHeader.Parse(path, names);
        _records = new CsvLines(lines);
    }

    public IEnumerable<FileLine> Read()
    {
        while (_records.TryRead(out var number, out var record))
        {
            if (!record.AsSpan().Trim(" \t"u8).IsEmpty)
                yield return Convert(number, record);
        }
    }

    private FileLine Convert(long number, byte[] record)
    {
        try
        {
            if (!CsvRecord.TrySplit(Strict.GetString(record), _values))
                return FileLine.Unreadable(number, "", "bad_quotes");
        }
        catch (DecoderFallbackException)
        {
            return FileLine.Unreadable(number, "", "bad_characters");
        }

        if (_values.Count != _columns.Length)
            return FileLine.Unreadable(number, "", "wrong_field_count");

        _json.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_json);
        json.WriteStartObject();
        for (var i = 0; i < _columns.Length; i++)
        {
            if (_columns[i] is not { } field)
                continue;
            var value = _values[i].Trim();
            json.WritePropertyName(field);
            if (!CsvHeader.IsNumber(field))
                json.WriteStringValue(value);
            else if (value.Length == 0)
                return FileLine.Unreadable(number, field, "required");
            else if (IsNumber(value))
                json.WriteRawValue(value, skipInputValidation: true);
            else
                return FileLine.Unreadable(number, field, "not_a_number");
        }

        json.WriteEndObject();
        json.Flush();
        return new FileLine(number, _json.WrittenMemory);
    }

    private static bool IsNumber(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
