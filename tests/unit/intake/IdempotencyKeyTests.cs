using System.IO.Pipelines;
using Microsoft.Extensions.Primitives;
using TradeProcessor.Consumer.Api;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Intake;

public sealed class IdempotencyKeyTests
{
    private static RequestKey Parse(string header)
    {
        Assert.True(IdempotencyKey.TryParse(header, out var key), header);
        return key;
    }

    [Theory]
    [InlineData("a", "\"a\"")]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("a\\b", "\"a\\\\b\"")]
    [InlineData("!~,;=", "\"!~,;=\"")]
    public void TryParse_BareAndQuoted_AreTheSameKey(string bare, string quoted) =>
        Assert.Equal(Parse(bare), Parse(quoted));

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("\"\"")]
    [InlineData("\"a")]
    [InlineData("\"a\"b\"")]
    [InlineData("\"a\\\"")]
    [InlineData("\"a\\x\"")]
    [InlineData("a b")]
    [InlineData("\"a b\"")]
    [InlineData("a\tb")]
    [InlineData("clé")]
    [InlineData("a\u007F")]
    public void TryParse_NoKey_IsFalse(string header) =>
        Assert.False(IdempotencyKey.TryParse(header, out _));

    [Fact]
    public void TryParse_LengthsAndNumberOfValues_HaveLimits()
    {
        _ = Parse(new string('k', 255));
        _ = Parse($"\"{new string('k', 255)}\"");
        Assert.False(IdempotencyKey.TryParse(new string('k', 256), out _));
        Assert.False(IdempotencyKey.TryParse($"\"{new string('k', 256)}\"", out _));
        Assert.False(IdempotencyKey.TryParse(new StringValues(["a", "a"]), out _));
        Assert.False(IdempotencyKey.TryParse(StringValues.Empty, out _));
        Assert.NotEqual(Parse("a"), Parse("A"));
    }

    /// <summary>However a body is cut up and looked at, its digest is that of its bytes.</summary>
    [Fact]
    public async Task Digest_BodyInAnyPieces_IsTheSame()
    {
        var seed = Random.Shared.Next(1_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var body = new byte[5_000];
        random.NextBytes(body);
        var whole = await DigestAsync([body], BodyKind.Json, random);
        for (var i = 0; i < 50; i++)
        {
            var pieces = body.Chunk(random.Next(1, 900)).ToList();
            Assert.Equal(whole, await DigestAsync(pieces, BodyKind.Json, random));
        }
        Assert.NotEqual(whole, await DigestAsync([body], BodyKind.Ndjson, random));
        body[random.Next(body.Length)] ^= 1;
        Assert.NotEqual(whole, await DigestAsync([body], BodyKind.Json, random));
    }

    private static async Task<BodyDigest> DigestAsync(
        IEnumerable<byte[]> pieces, BodyKind kind, Random random)
    {
        var pipe = new Pipe();
        using var reader = new DigestReader(pipe.Reader, kind);
        foreach (var piece in pieces)
        {
            _ = await pipe.Writer.WriteAsync(piece);
            var read = await reader.ReadAsync();
            // Looks at all, takes a part: the rest comes again.
            reader.AdvanceTo(
                read.Buffer.GetPosition(random.NextInt64(read.Buffer.Length + 1)), read.Buffer.End);
        }
        await pipe.Writer.CompleteAsync();
        var last = await reader.ReadAsync();
        reader.AdvanceTo(last.Buffer.End);
        return reader.ToDigest();
    }
}
