using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using TradeProcessor.Consumer.Parsing;

namespace TradeProcessor.Consumer.Bodies;

/// <summary>
/// Reads the trades of a request while it arrives; what it holds of a body is never more than
/// what has not been parsed yet.
/// <list type="number">
/// <item>JSON is one trade where it begins with a brace, and an array of trades where it begins
/// with a bracket. A syntax error anywhere makes all of it malformed.</item>
/// <item>In an array, an element that is no object is refused alone as <c>wrong_type</c>, one that
/// is longer than a trade may be as <c>too_large</c> (past 64 KiB the array is malformed).</item>
/// <item>NDJSON has a trade on each line, which ends with <c>\n</c> or <c>\r\n</c>; the last one
/// need not. Blank lines do not count. A line that is no JSON object is refused alone as
/// <c>malformed_json</c>, one that is too long as <c>too_large</c>.</item>
/// <item>A byte order mark before a body is skipped, as ASP.NET Core does.</item>
/// </list>
/// </summary>
internal sealed class TradeBodyReader(TradeParser parser, BodyLimits limits)
{
    /// <summary>
    /// Appends the records of good trades and tells of the others. Where the answer is not
    /// <see cref="BodyStatus.Ok"/>, the records are as before, the errors tell of the body as one
    /// refused trade, and the rest of the body is not read. What is both malformed and too large is what shows first.
    /// </summary>
    /// <exception cref="OperationCanceledException">By the token.</exception>
    // Where the body is waited for, 136 bytes a body instead of 360 (the state machine).
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<BodyResult> ReadAsync(
        PipeReader body,
        BodyKind kind,
        BodyWalk walk,
        CancellationToken cancellation = default)
    {
        walk.Begin(parser, limits, kind);
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(cancellation).ConfigureAwait(false);
                // The server stops; a request that is under way goes on.
                if (read.IsCanceled)
                {
                    body.AdvanceTo(read.Buffer.Start);
                    continue;
                }
                var consumed = walk.Take(read.Buffer, read.IsCompleted);
                body.AdvanceTo(consumed, read.Buffer.End);
                if (walk.Result is { } result)
                    return result;
            }
        }
        finally
        {
            walk.End();
        }
    }
}
