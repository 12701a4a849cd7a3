using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using TradeProcessor.Serving;

namespace TradeProcessor.Storage.Api.Answers;

/// <summary>JSON into the response, a part at a time.</summary>
internal sealed class JsonStream(HttpContext context) : IDisposable
{
    // As much as a response holds before its writer has to wait for the client.
    private const int PartBytes = 64 * 1024;

    private readonly Utf8JsonWriter _writer =
        new(context.Response.BodyWriter, ServingJson.WriterOptions);

    private long _flushedBytes;

    public Utf8JsonWriter Writer => _writer;

    public void Write<T>(T value, JsonTypeInfo<T> type) =>
        JsonSerializer.Serialize(_writer, value, type);

    /// <summary>An array whose elements go out as they are written.</summary>
    public async ValueTask WriteArrayAsync<T>(IEnumerable<T> values, JsonTypeInfo<T> type)
    {
        _writer.WriteStartArray();
        foreach (var value in values)
        {
            Write(value, type);
            if (_writer.BytesCommitted + _writer.BytesPending - _flushedBytes > PartBytes)
                await FlushAsync();
        }
        _writer.WriteEndArray();
    }

    public async ValueTask FlushAsync()
    {
        _writer.Flush();
        _flushedBytes = _writer.BytesCommitted;
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        context.RequestAborted.ThrowIfCancellationRequested();
    }

    public void Dispose() => _writer.Dispose();
}
