using System.Buffers;
using System.IO.Pipelines;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Bodies;

/// <summary>What a body came to.</summary>
internal sealed record BodyReading(BodyResult Result, int Count, byte[] Records, BatchErrors Errors)
{
    public string Told =>
        $"{Result.Status} {Count} accepted {Errors.Accepted} rejected {Errors.Rejected}: "
        + string.Join(' ', Errors.Errors.Select(e => $"{e.Index}.{e.Field.WireName()}={e.Code.WireName()}"))
        + " " + Convert.ToHexString(Records);
}

/// <summary>Sends a body through a pipe, cut into reads and each read into segments.</summary>
internal static class CutBody
{
    public static readonly AssetTable Assets = new(AssetCode.Parse("BTC"), AssetCode.Parse("USDT"));

    /// <param name="random">Where to cut; null sends all of it in one segment.</param>
    public static async Task<BodyReading> Read(
        byte[] body, BodyKind kind, BodyLimits? limits = null, Random? random = null)
    {
        // Inline: the reader runs within the writer's flush, so that every run is the same.
        var pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: 0, minimumSegmentSize: random?.Next(16, 600) ?? body.Length + 1,
            useSynchronizationContext: false));
        using var records = new RecordBuffer();
        var errors = new BatchErrors();
        var reader = new TradeBodyReader(new TradeParser(Assets), limits ?? BodyLimits.Default);
        if (random is null || random.Next(4) == 0)
        {
            pipe.Writer.Write(body);
            await pipe.Writer.CompleteAsync();
            return Told(await reader.ReadAsync(pipe.Reader, kind, new BodyWalk(records, errors)));
        }
        var reading = reader.ReadAsync(pipe.Reader, kind, new BodyWalk(records, errors));
        for (var at = 0; at < body.Length;)
        {
            var length = Math.Min(random.Next(1, random.Next(2, 2000)), body.Length - at);
            pipe.Writer.Write(body.AsSpan(at, length));
            await pipe.Writer.FlushAsync();
            at += length;
        }
        await pipe.Writer.CompleteAsync();
        return Told(await reading);

        BodyReading Told(BodyResult result) =>
            new(result, records.Count, records.Records.ToArray(), errors);
    }
}
