using System.Text;
using TradeProcessor.Tests.Unit.Parsing;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>Requests as common clients send them.</summary>
internal static class LaneRequests
{
    public const string Good = TradeTexts.Sample;

    public static readonly string Invalid = Good.Replace("GBP", "XXQ");

    public const string Malformed = "{\"userId\": ";

    /// <summary>Heads for a JSON body of 186 bytes, by client.</summary>
    public static readonly Dictionary<string, string> Clients = new()
    {
        ["curl"] = Head(
            "Host: 127.0.0.1:8080", "User-Agent: curl/8.5.0", "Accept: */*",
            "Content-Type: application/json", "Content-Length: 186"),
        ["wrk"] = Head(
            "Host: localhost:8080", "Content-Type: application/json", "Content-Length: 186"),
        ["k6"] = Head(
            "Host: 127.0.0.1:8080", "User-Agent: Grafana k6/1.2.3", "Content-Length: 186",
            "Content-Type: application/json", "Accept-Encoding: gzip"),
        ["ab -k"] = Head(
            "Connection: Keep-Alive", "Content-length: 186", "Content-type: application/json",
            "Host: 127.0.0.1:8080", "User-Agent: ApacheBench/2.3", "Accept: */*"),
        [".NET HttpClient"] = Head(
            "Host: trades.example.com",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
            "Content-Type: application/json; charset=utf-8", "Content-Length: 186"),
        ["Node fetch"] = Head(
            "host: 127.0.0.1:8080", "connection: keep-alive", "content-type: application/json",
            "accept: */*", "accept-language: *", "user-agent: node",
            "accept-encoding: gzip, deflate", "content-length: 186"),
        ["Node http"] = Head(
            "Content-Type: application/json", "Content-Length: 186", "Host: localhost:8080",
            "Connection: keep-alive"),
        ["Go"] = Head(
            "Host: trades:8080", "User-Agent: Go-http-client/1.1", "Content-Length: 186",
            "Content-Type: application/json", "Accept-Encoding: gzip"),
        ["Java HttpClient"] = Head(
            "Content-Length: 186", "Host: localhost:8080", "User-Agent: Java-http-client/21",
            "Content-Type: application/json"),
        ["Python requests"] = Head(
            "Host: 127.0.0.1:8080", "User-Agent: python-requests/2.32.3",
            "Accept-Encoding: gzip, deflate", "Accept: */*", "Connection: keep-alive",
            "Content-Length: 186", "Content-Type: application/json"),
        ["HAProxy"] = Head(
            "host: trades", "content-type: application/json", "content-length: 186",
            "x-forwarded-for: 10.0.0.7", "x-forwarded-proto: https", "x-request-id: 5f1c"),
    };

    public static string Head(params string[] lines) =>
        $"POST /trades HTTP/1.1\r\n{string.Concat(lines.Select(line => line + "\r\n"))}\r\n";

    public static string Post(string body, string type = "application/json") => Head(
        "Host: x",
        $"Content-Type: {type}",
        $"Content-Length: {Encoding.Latin1.GetByteCount(body)}") + body;

    /// <summary>A body of that many good trades, one a line.</summary>
    public static string Lines(int trades) =>
        string.Concat(Enumerable.Repeat(Good + "\n", trades));
}
