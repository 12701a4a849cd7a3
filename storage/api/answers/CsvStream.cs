using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Api.Queries;

namespace TradeProcessor.Storage.Api.Answers;

/// <summary>CSV (RFC 4180, with a header row) into the response, a part at a time.</summary>
internal sealed class CsvStream(HttpContext context)
{
    private const int PartBytes = 64 * 1024;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    // What a spreadsheet would begin to calculate with.
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r");

    private readonly StringBuilder _part = new();
    private bool _isInRow;

    public void Header(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            Plain(name);
        EndRow();
    }

    /// <summary>A cell of text that somebody else chose.</summary>
    public void Text(string text)
    {
        Separate();
        var guarded = text.Length > 0 && Formula.Contains(text[0]) ? "'" + text : text;
        if (!guarded.AsSpan().ContainsAny(Quoted))
            _part.Append(guarded);
        else
            _part.Append('"').Append(guarded.Replace("\"", "\"\"")).Append('"');
    }

    /// <summary>A cell that needs no quotes.</summary>
    public void Plain(string text)
    {
        Separate();
        _part.Append(text);
    }

    public void Whole(long number) => Plain(number.ToString(CultureInfo.InvariantCulture));

    public void Number(JsonNumber? number) => Plain(number?.ToString() ?? "");

    public void Instant(DateTime instant) =>
        Plain(instant.ToString(InstantText.Format, CultureInfo.InvariantCulture));

    public void EndRow()
    {
        _part.Append("\r\n");
        _isInRow = false;
    }

    public ValueTask EndRowAsync()
    {
        EndRow();
        return _part.Length > PartBytes ? FlushAsync() : ValueTask.CompletedTask;
    }

    public async ValueTask FlushAsync()
    {
        var writer = context.Response.BodyWriter;
        foreach (var chunk in _part.GetChunks())
            Encoding.UTF8.GetBytes(chunk.Span, writer);
        _part.Clear();
        await writer.FlushAsync(context.RequestAborted);
        context.RequestAborted.ThrowIfCancellationRequested();
    }

    private void Separate()
    {
        if (_isInRow)
            _part.Append(',');
        _isInRow = true;
    }
}
