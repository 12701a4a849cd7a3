using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;
using TradeProcessor.Load.Generation;

namespace TradeProcessor.Bench;

/// <summary>
/// The load tool's trades: 42 pairs by 62 countries, Zipf-skewed, as text, records and frames.
/// </summary>
internal static class SampleTrades
{
    private const byte Newline = (byte)'\n';

    private static readonly TradeGenerator Generator = new(seed: 1);

    /// <summary>One trade as JSON.</summary>
    public static byte[] Text(long index)
    {
        var text = new byte[TradeJson.MaxBytes];
        return text[..TradeJson.Write(Generator.Make(index), text)];
    }

    /// <summary>Trades from an index on, one a line.</summary>
    public static byte[] Lines(long from, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(i => (byte[])[.. Text(from + i), Newline])];

    public static byte[] Record(long index)
    {
        var record = new byte[TradeRecord.MaxBytes];
        var errors = default(TradeErrors);
        var status = new TradeParser(AssetTable.Iso)
            .Parse(Text(index), true, record, ref errors, out _, out var written);
        return status == ParseStatus.Trade
            ? record[..written]
            : throw new InvalidOperationException("The generator's trade is not accepted.");
    }

    /// <summary>A sealed frame of the trades from an index on.</summary>
    public static byte[] Frame(long from, int count)
    {
        byte[] frame =
        [
            .. new byte[TradeFrame.HeaderBytes],
            .. Enumerable.Range(0, count).SelectMany(i => Record(from + i)),
        ];
        TradeFrame.Seal(frame, count, producerId: 1, producerSequence: 1, receivedAtTicks: 1);
        return frame;
    }
}
