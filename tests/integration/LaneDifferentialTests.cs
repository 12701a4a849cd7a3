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

    /// <summary>Bodies whose bytes come in pieces, with pauses between them.</summary>
    [Fact]
    public async Task Bodies_ThatComeSlowly_HaveTheSameAnswersAndEffects()
    {
        var streams = new LaneStreams(5, "w");
        await AssertSameAsync(
            [
                .. streams.Bodies().Select(post =>
                    ($"{post.Name} slowly", streams.InBody(post.Text))),
                .. streams.Bodies().Select(post => (
                    $"{post.Name} slowly, between others",
                    streams.InBody(
                        LaneStreams.Post(streams.Trade()) + post.Text,
                        LaneStreams.Post(streams.Trade())))),
                .. Enumerable.Range(0, 60).Select(i =>
                    ($"stream {i} slowly", new LaneStreams(i, $"ws{i}").Next())),
            ],
            Sending.Slow);
    }

    /// <summary>Clients that end their side and wait for the answers.</summary>
    [Fact]
    public async Task Streams_ThatEndTheirSide_HaveTheSameAnswersAndEffects()
    {
        var streams = new LaneStreams(6, "e");
        await AssertSameAsync(
            [
                .. All("then the end", post => post),
                .. All("behind another, then the end", post => Another() + post),
                .. All("ended within the body", post => post[..^3]),
                .. All("behind another, ended within the body", post => Another() + post[..^3]),
                .. All("then the end within a head", post => post + Another()[..40]),
                .. Enumerable.Range(0, 150).Select(i =>
                    ($"stream {i}, then the end", new LaneStreams(i, $"es{i}").Next())),
            ],
            Sending.Ended);

        string Another() => LaneStreams.Post(streams.Trade());

        IEnumerable<(string, byte[][])> All(string what, Func<string, string> stream) =>
            streams.Bodies().Select(post =>
                ($"{post.Name}, {what}", new[] { Bytes(stream(post.Text)) }));
    }

    /// <summary>Both: the end comes while a body waits for its rest, or long behind it.</summary>
    [Fact]
    public async Task Bodies_ThatComeSlowlyAndEnd_HaveTheSameAnswersAndEffects()
    {
        var streams = new LaneStreams(7, "z");
        await AssertSameAsync(
            [
                .. streams.Bodies().Select(post =>
                    ($"{post.Name} slowly, then the end", streams.InBody(post.Text))),
                .. streams.Bodies().Select(post => (
                    $"{post.Name} slowly, then the end behind a pause",
                    (byte[][])[.. streams.InBody(post.Text), []])),
                .. streams.Bodies().Select(post => (
                    $"{post.Name} slowly, ended within the body",
                    streams.InBody(post.Text[..^3]))),
            ],
            Sending.SlowAndEnded);
    }

    /// <summary>The header of a request changes no answer; that of a 415 says what is taken.</summary>
    [Fact]
    public async Task Accept_OfAnyKind_ChangesNoAnswer()
    {
        await using var twins = new LaneTwins(Sending.Ended);
        await twins.StartAsync();
        var streams = new LaneStreams(10, "a");
        string[] lines = ["", "Accept: text/plain\r\n", "Accept: application/json;q=0\r\n"];
        var accepted = new HashSet<string>();
        var unsupported = new HashSet<string>();
        foreach (var line in lines)
        {
            accepted.UnionWith(await twins.AnswersAsync(
                Sending.Ended, Bytes(LaneStreams.Post(streams.Trade(), lines: line))));
            unsupported.UnionWith(await twins.AnswersAsync(
                Sending.Ended, Bytes(LaneStreams.Post(streams.Trade(), "text/plain", line))));
        }
        Assert.StartsWith("HTTP/1.1 202 ", Assert.Single(accepted), StringComparison.Ordinal);
        var refusal = Assert.Single(unsupported);
        Assert.StartsWith("HTTP/1.1 415 ", refusal, StringComparison.Ordinal);
        Assert.Contains(
            "\r\nAccept: application/json, application/x-ndjson\r\n", refusal,
            StringComparison.Ordinal);
        await twins.AssertSameEffectAsync();
    }

    /// <summary>A body of which nothing comes for longer than the limit allows.</summary>
    [Fact]
    public async Task Body_TooSlowForTheLimit_HasTheSame408AndEffect()
    {
        await using var twins = new LaneTwins(Sending.Waiting);
        await twins.StartAsync(
            "--Kestrel:Limits:MinRequestBodyDataRate:BytesPerSecond", "240",
            "--Kestrel:Limits:MinRequestBodyDataRate:GracePeriod", "00:00:02");
        var streams = new LaneStreams(8, "t");
        var post = LaneStreams.Post(streams.Trade());
        var all = await Task.WhenAll(
            twins.AnswersAsync(Sending.Waiting, Bytes(post[..^50])),
            twins.AnswersAsync(Sending.Waiting, Bytes(post + post[..^50])));
        foreach (var answers in all)
        {
            Assert.Contains("HTTP/1.1 408 ", answers[0], StringComparison.Ordinal);
            Assert.Contains("\r\nConnection: close\r\n", answers[0], StringComparison.Ordinal);
            Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        }
        await twins.AssertSameEffectAsync();
    }

    /// <summary>
    /// The one answer that is known to differ: to Kestrel it begins a connection where the lane has
    /// taken what came before.
    /// </summary>
    [Fact]
    public async Task Http2_BehindARequestOfTheLane_IsGoAwayThereAnd505Elsewhere()
    {
        const string GoAway =
            "\0\0\u0008\u0007\0\0\0\0\0" + "\0\0\0\0" + "\0\0\0\r"; // HTTP_1_1_REQUIRED
        const string NotSupported =
            "HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 0\r\n"
            + "Connection: close\r\n\r\n";
        await using var twins = new LaneTwins(Sending.Ended);
        await twins.StartAsync();
        var post = LaneStreams.Post(new LaneStreams(9, "h").Trade());
        var accepted = (await twins.AnswersAsync(Sending.Ended, Bytes(post)))[0];
        Assert.StartsWith("HTTP/1.1 202 ", accepted, StringComparison.Ordinal);
        var answers = await twins.AnswersAsync(
            Sending.Waiting, Bytes(post + LaneStreams.Http2));
        Assert.Equal(accepted + NotSupported, answers[0]);
        Assert.All(answers.Skip(1), answer => Assert.Equal(accepted + GoAway, answer));
        await twins.AssertSameEffectAsync();
    }

    private async Task AssertSameAsync(
        IEnumerable<(string Name, byte[][] Pieces)> streams, Sending? sending = null)
    {
        var how = sending ?? Sending.Usual;
        await using var twins = new LaneTwins(how);
        await twins.StartAsync();
        output.WriteLine(twins.Transport);
        var all = streams.ToList();
        var cut = 0;
        await Parallel.ForEachAsync(all, Wide, async (stream, cancellation) =>
        {
            if (await twins.AssertSameAsync(stream.Name, how, stream.Pieces))
                Interlocked.Increment(ref cut);
        });
        output.WriteLine($"{all.Count} streams, of which the answers of {cut} were cut by a reset");
        Assert.True(cut <= all.Count / 10);
        await twins.AssertSameEffectAsync();
    }
}
