using System.Text;

namespace TradeProcessor.Tests.Integration;

/// <summary>The lane cannot be told from the plain way, by answers or by effects.</summary>
public sealed class LaneDifferentialTests(ITestOutputHelper output)
{
    private static readonly ParallelOptions Wide = new() { MaxDegreeOfParallelism = 32 };

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>TP_FUZZ for more cases, TP_SEED to repeat a run.</summary>
    [Fact]
    public async Task Streams_GeneratedAndMutated_HaveTheSameAnswersAndEffects()
    {
        var seed = Settings.Seed();
        var cases = Settings.Number("TP_FUZZ", 700);
        output.WriteLine($"TP_SEED={seed} TP_FUZZ={cases}");
        await AssertSameAsync(Enumerable.Range(0, cases).Select(i =>
            ($"TP_SEED={seed}, case {i}", new LaneStreams(seed + i, $"f{i}").Next())));
    }

    [Fact]
    public async Task Streams_ThatSmuggle_HaveTheSameAnswersAndEffects()
    {
        var streams = new LaneStreams(1, "s");
        await AssertSameAsync(streams.Smuggled().ToList().SelectMany(smuggled =>
        {
            var before = LaneStreams.Post(streams.Trade());
            var after = LaneStreams.Post(streams.Trade());
            return new[]
            {
                (smuggled.Name, new[] { Bytes(smuggled.Text) }),
                ($"{smuggled.Name} between", [Bytes(before + smuggled.Text + after)]),
                ($"{smuggled.Name} in pieces", [Bytes(before), Bytes(smuggled.Text), Bytes(after)]),
            };
        }).Append(("HTTP/2", [Bytes(LaneStreams.Http2)])));
    }

    [Fact]
    public async Task Stream_CutAnywhere_HasTheSameAnswersAndEffects()
    {
        var streams = new LaneStreams(2, "c");
        var stream = Bytes(
            LaneStreams.Post(streams.Trade()) + LaneStreams.Post(streams.Invalid())
            + LaneStreams.Post($"{streams.Trade()}\n{{}}\n", "application/x-ndjson")
            + LaneStreams.Chunked(streams.Trade()) + LaneStreams.Post(streams.Trade()));
        await AssertSameAsync(Enumerable.Range(1, stream.Length - 1).Select(at =>
            ($"cut at {at}", new[] { stream[..at], stream[at..] })));
    }

    [Fact]
    public async Task Trade_BrokenAnywhere_HasTheSameAnswersAndEffects()
    {
        var streams = new LaneStreams(3, "b");
        var trade = streams.Trade();
        string[] replacements = ["\u0001", "\"", "{", "\u00ff"];
        await AssertSameAsync(replacements.Select(replacement => (
            replacement,
            new[]
            {
                Bytes(string.Concat(Enumerable.Range(0, trade.Length).Select(at =>
                    LaneStreams.Post(trade[..at] + replacement + trade[(at + 1)..])))),
            })).Append((
                "cut",
                [
                    Bytes(string.Concat(Enumerable.Range(1, trade.Length).Select(
                        length => LaneStreams.Post(trade[..length])))),
                ])));
    }

    [Fact]
    public async Task Bodies_OfAnySize_HaveTheSameAnswersAndEffects()
    {
        var streams = new LaneStreams(4, "l");
        int[] sizes =
        [
            1, 2, 255, 4095, 4096, 4097, 65_536, (1 << 20) + 1, 8 << 20, (8 << 20) + 1, 9 << 20,
        ];
        await AssertSameAsync(sizes.SelectMany(size => new (string Name, string Post)[]
        {
            ($"single of {size}", LaneStreams.Post(Sized(streams.Trade(), size))),
            ($"lines of {size}",
                LaneStreams.Post(Sized(Lines('\n'), size), "application/x-ndjson")),
            ($"array of {size}", LaneStreams.Post("[" + Sized(Lines(',') + "]", size))),
            ($"broken array of {size}", LaneStreams.Post("[5,x" + Sized(Lines(','), size))),
        }).Select(sized => (
            sized.Name, new[] { Bytes(sized.Post + LaneStreams.Post(streams.Trade())) })));

        string Lines(char between) => string.Join(
            between, Enumerable.Range(0, 300).Select(_ => streams.Trade()));

        static string Sized(string text, int size) =>
            text.Length < size ? text.PadRight(size) : text[..size];
    }

    private async Task AssertSameAsync(IEnumerable<(string Name, byte[][] Pieces)> streams)
    {
        await using var twins = new LaneTwins();
        await twins.StartAsync();
        output.WriteLine(twins.Transport);
        var all = streams.ToList();
        var cut = 0;
        await Parallel.ForEachAsync(all, Wide, async (stream, cancellation) =>
        {
            if (await twins.AssertSameAsync(stream.Name, stream.Pieces))
                Interlocked.Increment(ref cut);
        });
        output.WriteLine($"{all.Count} streams, of which the answers of {cut} were cut by a reset");
        Assert.True(cut <= all.Count / 10);
        await twins.AssertSameEffectAsync();
    }
}
