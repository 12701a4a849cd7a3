using System.Text;

namespace TradeProcessor.Load.Http;

/// <summary>One answer.</summary>
/// <param name="Status">Status code.</param>
/// <param name="RetryAfter">Seconds of Retry-After, -1 where there is none.</param>
/// <param name="Closes">The server will not take another request on this connection.</param>
/// <param name="Body">The body, chunks joined; valid until the next read.</param>
internal readonly record struct Answer(
    int Status, int RetryAfter, bool Closes, ReadOnlyMemory<byte> Body)
{
    private const int MaxStart = 300;

    /// <summary>As much of the body as fits on a line.</summary>
    public string Start() =>
        Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, MaxStart)])
            .ReplaceLineEndings(" ");
}
