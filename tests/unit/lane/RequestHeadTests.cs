using System.Text;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Lane;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>Which heads the lane takes: the common ones, and nothing that is odd.</summary>
public sealed class RequestHeadTests
{
    private const string Line = "POST /trades HTTP/1.1\r\n";
    private const string Host = "Host: x\r\n";
    private const string Type = "Content-Type: application/json\r\n";
    private const string Length = "Content-Length: 5\r\n";
    private const string Rest = Host + Type + Length;

    private static HeadStatus Read(string text, out RequestHead head) =>
        RequestHead.Read(Encoding.Latin1.GetBytes(text), out head);

    public static TheoryData<string> Clients => new(LaneRequests.Clients.Keys);

    [Theory]
    [MemberData(nameof(Clients))]
    public void Read_HeadOfACommonClient_IsWhole(string client)
    {
        var text = LaneRequests.Clients[client];
        foreach (var behind in new[] { "", "{", LaneRequests.Good, "\r\n\r\n", text })
        {
            Assert.Equal(HeadStatus.Whole, Read(text + behind, out var head));
            Assert.Equal(new RequestHead(text.Length, 186, BodyKind.Json, Closes: false), head);
        }
    }

    [Theory]
    [InlineData("1.1", "Connection: close\r\n")]
    [InlineData("1.1", "connection: Close\r\n")]
    [InlineData("1.0", "Connection: close\r\n")]
    [InlineData("1.0", "")]
    public void Read_HeadOfAClientThatSendsOneRequest_IsWholeAndCloses(string version, string line)
    {
        var text = $"POST /trades HTTP/{version}\r\n{Rest}{line}\r\n";
        Assert.Equal(HeadStatus.Whole, Read(text, out var head));
        Assert.Equal(new RequestHead(text.Length, 5, BodyKind.Json, Closes: true), head);
        for (var length = 0; length < text.Length; length++)
            Assert.Equal(HeadStatus.Incomplete, Read(text[..length], out _));
    }

    [Fact]
    public void Read_OldVersionThatKeepsItsConnection_IsOther() =>
        AssertOther($"POST /trades HTTP/1.0\r\n{Rest}Connection: keep-alive\r\n\r\n");

    [Theory]
    [MemberData(nameof(Clients))]
    public void Read_AnyPrefixOfAGoodHead_IsIncomplete(string client)
    {
        var text = LaneRequests.Clients[client];
        for (var length = 0; length < text.Length; length++)
            Assert.Equal(HeadStatus.Incomplete, Read(text[..length], out _));
    }

    [Theory]
    [InlineData("application/json", BodyKind.Json)]
    [InlineData("Application/JSON", BodyKind.Json)]
    [InlineData("application/json; charset=utf-8", BodyKind.Json)]
    [InlineData("application/json; Charset=UTF-8", BodyKind.Json)]
    [InlineData("application/x-ndjson", BodyKind.Ndjson)]
    [InlineData("application/x-ndjson; charset=utf-8", BodyKind.Ndjson)]
    internal void Read_MediaTypeThatIsTaken_GivesTheKind(string type, BodyKind kind)
    {
        var text = $"{Line}{Host}Content-Type: {type}\r\n{Length}\r\n";
        Assert.Equal(HeadStatus.Whole, Read(text, out var head));
        Assert.Equal(new RequestHead(text.Length, 5, kind, Closes: false), head);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("10", 10)]
    [InlineData("  8388608  ", 8_388_608)]
    [InlineData("999999999", 999_999_999)]
    public void Read_ContentLength_IsThatNumber(string value, int expected)
    {
        Assert.Equal(
            HeadStatus.Whole,
            Read($"{Line}{Host}{Type}content-LENGTH:{value}\r\n\r\n", out var head));
        Assert.Equal(expected, head.ContentLength);
    }

    [Theory]
    [InlineData("Content-Length : 5")]
    [InlineData(" Content-Length: 5")]
    [InlineData("Content-Length: ")]
    [InlineData("Content-Length: +5")]
    [InlineData("Content-Length: -5")]
    [InlineData("Content-Length: 0")]
    [InlineData("Content-Length: 05")]
    [InlineData("Content-Length: 5,5")]
    [InlineData("Content-Length: 5, 5")]
    [InlineData("Content-Length: 5 5")]
    [InlineData("Content-Length: 0x5")]
    [InlineData("Content-Length: 5.0")]
    [InlineData("Content-Length: 5e0")]
    [InlineData("Content-Length: \t5")]
    [InlineData("Content-Length: 5\t")]
    [InlineData("Content-Length: 5\0")]
    [InlineData("Content-Length: 5\v")]
    [InlineData("Content-Length: \u00b2")]
    [InlineData("Content-Length: \u00a05")]
    [InlineData("Content-Length: 1000000000")]
    [InlineData("Content-Length: 18446744073709551621")]
    [InlineData("Content-Length: five")]
    [InlineData("Content-Length\t: 5")]
    [InlineData("Content-Length\0: 5")]
    [InlineData("Content_Length: 5")]
    [InlineData("Content-Length")]
    [InlineData("Content-Length; 5")]
    [InlineData("Content-Lengtb: 5")]
    public void Read_ContentLengthThatIsOdd_IsOther(string line) =>
        AssertOther($"{Line}{Host}{Type}{line}\r\n\r\n");

    [Theory]
    [InlineData("Host: x")]
    [InlineData("host: y")]
    [InlineData("Content-Type: application/json")]
    [InlineData("Content-Length: 5")]
    [InlineData("content-length: 6")]
    [InlineData("Connection: keep-alive\r\nConnection: keep-alive")]
    [InlineData("Connection: close\r\nConnection: close")]
    [InlineData("Connection: close\r\nConnection: keep-alive")]
    [InlineData("Connection: close, close")]
    [InlineData("Connection: upgrade")]
    [InlineData("Connection: keep-alive, upgrade")]
    [InlineData("Connection: Content-Length")]
    [InlineData("Connection:")]
    [InlineData("Proxy-Connection: keep-alive")]
    [InlineData("Keep-Alive: timeout=5")]
    [InlineData("Upgrade: h2c")]
    [InlineData("Expect: 100-continue")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("transfer-encoding: identity")]
    [InlineData("Transfer-Encoding : chunked")]
    [InlineData("Transfer-Encoding:\tchunked")]
    [InlineData("Transfer-Encoding:\vchunked")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding\r\n : chunked")]
    [InlineData("X: x\nTransfer-Encoding: chunked")]
    [InlineData("X: x\rTransfer-Encoding: chunked")]
    [InlineData("Accept: x\rTransfer-Encoding: chunked")]
    [InlineData("Accept: x\nTransfer-Encoding: chunked")]
    [InlineData("Accept: x\r\n folded")]
    [InlineData("Accept: x\r\n\tfolded")]
    [InlineData("TE: trailers")]
    [InlineData("Trailer: X")]
    [InlineData("Content-Encoding: gzip")]
    [InlineData("Content-Encoding: identity")]
    [InlineData("Idempotency-Key: 8e03978e")]
    [InlineData("Authorization: Bearer x")]
    [InlineData("Cookie: a=b")]
    [InlineData("Origin: https://example.com")]
    [InlineData("X-Unknown: x")]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    [InlineData("User-Agent: a\tb")]
    [InlineData("User-Agent: a\0b")]
    [InlineData("User-Agent: a\u007fb")]
    [InlineData("User-Agent: \u00e4")]
    [InlineData("User-Agent : a")]
    [InlineData(": a")]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("Accept")]
    public void Read_GoodHeadWithALineThatIsOdd_IsOther(string line)
    {
        AssertOther($"{Line}{Rest}{line}\r\n\r\n");
        AssertOther($"{Line}{line}\r\n{Rest}\r\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":80")]
    [InlineData("x:")]
    [InlineData("x:a")]
    [InlineData("x:123456")]
    [InlineData("x:80:80")]
    [InlineData("x y")]
    [InlineData("x,y")]
    [InlineData("x/")]
    [InlineData("u@x")]
    [InlineData("x_y")]
    [InlineData("[::1]")]
    [InlineData("\u00e4")]
    [InlineData("x\t")]
    public void Read_HostThatIsOdd_IsOther(string host) =>
        AssertOther($"{Line}Host: {host}\r\n{Type}{Length}\r\n");

    [Theory]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/jsonx")]
    [InlineData("application/json;")]
    [InlineData("application/json;charset=utf-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=utf-8; x=y")]
    [InlineData("application/json, application/json")]
    [InlineData("application/problem+json")]
    [InlineData("application/ndjson")]
    [InlineData("multipart/form-data; boundary=x")]
    public void Read_MediaTypeOfAnyOtherForm_IsOther(string type) =>
        AssertOther($"{Line}{Host}Content-Type: {type}\r\n{Length}\r\n");

    [Theory]
    [InlineData("")]
    [InlineData(Host)]
    [InlineData(Host + Type)]
    [InlineData(Host + Length)]
    [InlineData(Type + Length)]
    public void Read_RequiredHeaderMissing_IsOther(string lines) =>
        AssertOther($"{Line}{lines}\r\n");

    [Theory]
    [InlineData("post /trades HTTP/1.1\r\n")]
    [InlineData("Post /trades HTTP/1.1\r\n")]
    [InlineData("GET /trades HTTP/1.1\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PUT /trades HTTP/1.1\r\n")]
    [InlineData("POST /Trades HTTP/1.1\r\n")]
    [InlineData("POST /trades/ HTTP/1.1\r\n")]
    [InlineData("POST //trades HTTP/1.1\r\n")]
    [InlineData("POST /trades? HTTP/1.1\r\n")]
    [InlineData("POST /trades?a=b HTTP/1.1\r\n")]
    [InlineData("POST /trades#a HTTP/1.1\r\n")]
    [InlineData("POST /%74rades HTTP/1.1\r\n")]
    [InlineData("POST /./trades HTTP/1.1\r\n")]
    [InlineData("POST trades HTTP/1.1\r\n")]
    [InlineData("POST * HTTP/1.1\r\n")]
    [InlineData("POST http://x/trades HTTP/1.1\r\n")]
    [InlineData("POST /trades HTTP/1.2\r\n")]
    [InlineData("POST /trades HTTP/2\r\n")]
    [InlineData("POST /trades http/1.1\r\n")]
    [InlineData("POST /trades HTTP/1.1\n")]
    [InlineData("POST /trades HTTP/1.1 \r\n")]
    [InlineData("POST /trades  HTTP/1.1\r\n")]
    [InlineData("POST  /trades HTTP/1.1\r\n")]
    [InlineData("POST\t/trades HTTP/1.1\r\n")]
    [InlineData("POST /trades\r\n")]
    [InlineData(" POST /trades HTTP/1.1\r\n")]
    [InlineData("\r\nPOST /trades HTTP/1.1\r\n")]
    [InlineData("\0POST /trades HTTP/1.1\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    [InlineData("\r\n")]
    [InlineData("{")]
    public void Read_AnyOtherRequestLine_IsOtherAtItsFirstOddByte(string line)
    {
        AssertOther(line + Rest + "\r\n");
        var common = Line.Zip(line).TakeWhile(pair => pair.First == pair.Second).Count();
        AssertOther(line[..(common + 1)]);
    }

    [Fact]
    public void Read_LinesThatEndWithALoneLineFeed_IsOther()
    {
        AssertOther($"{Line}{Rest.Replace("\r\n", "\n")}\r\n");
        AssertOther($"{Line}{Rest}\n");
        AssertOther($"{Line}{Host}{Type}Content-Length: 5\n\r\n");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(100_000, false)]
    public void Read_LongHead_IsTakenUpToItsLimit(int past, bool isTaken)
    {
        var text = $"{Line}{Rest}User-Agent: \r\n\r\n";
        var padding = new string('a', RequestHead.MaxBytes - text.Length + past);
        text = text.Replace("User-Agent: ", $"User-Agent: {padding}");
        Assert.Equal(isTaken ? HeadStatus.Whole : HeadStatus.Other, Read(text, out _));
        // As much as can be the beginning of one is; not more, so that nobody waits for its end.
        Assert.Equal(HeadStatus.Incomplete, Read(text[..(RequestHead.MaxBytes - 1)], out _));
        if (!isTaken)
            AssertOther(text[..RequestHead.MaxBytes]);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(150)]
    public void Read_MoreHeadersThanKestrelTakes_IsOther(int headers) =>
        AssertOther(
            Line + Rest + string.Concat(Enumerable.Repeat("Accept:\r\n", headers)) + "\r\n");

    private static void AssertOther(string text) =>
        Assert.Equal(HeadStatus.Other, Read(text, out _));
}
