using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Bench;

/// <summary>The steps of the parser's way, each by itself where it reads all of the texts.</summary>
internal static unsafe class ParseSteps
{
    // Length of the trade, or 0.
    private delegate int Step(byte* text, byte* end, byte* record);

    /// <param name="texts">Good trades.</param>
    public static IEnumerable<Contender> Of(IReadOnlyList<byte[]> texts)
    {
        var codes = new KnownCodes(AssetTable.Iso);
        (string Name, Step Step)[] steps =
        [
            ("its step: the usual order", (text, end, record) =>
                UsualTrade.Read(codes, text, end, end, record)),
            ("its step: any order", (text, end, record) =>
                PlainTrade.Read(codes, text, end, end, oneLine: false, record)),
            ("its step: the whole grammar", ReadObject),
        ];
        var padded = texts.Select(Padded).ToArray();
        var lengths = texts.Select(text => text.Length).ToArray();
        return steps.Where(x => ReadsAll(x.Step, padded, lengths))
            .Select(x => new Contender(x.Name, repeats => Run(x.Step, padded, lengths, repeats)));
    }

    private static bool ReadsAll(Step step, byte[][] texts, int[] lengths) =>
        lengths.Min() >= UsualTrade.MinBytes
        && Enumerable.Range(0, texts.Length).All(i => Read(step, texts[i], lengths[i]) > 0);

    private static void Run(Step step, byte[][] texts, int[] lengths, int repeats)
    {
        for (int i = 0, at = 0; i < repeats; i++, at = at + 1 < texts.Length ? at + 1 : 0)
            _ = Read(step, texts[at], lengths[at]);
    }

    private static int Read(Step step, byte[] padded, int length)
    {
        var record = stackalloc byte[TradeRecord.MaxBytes];
        fixed (byte* text = padded)
            return step(text, text + length, record);
    }

    private static int ReadObject(byte* text, byte* end, byte* record)
    {
        var trade = new TradeObject(
            AssetTable.Iso,
            new ReadOnlySpan<byte>(text, (int)(end - text)),
            new Span<byte>(record, TradeRecord.MaxBytes));
        return trade.TryRead(out var errors, out _) && errors.IsEmpty ? trade.Position : 0;
    }

    // The first two read behind the end.
    private static byte[] Padded(byte[] text) => [.. text, .. new byte[PlainTrade.Slack]];
}
