using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace TradeProcessor.Tests.Browser;

/// <summary>The page's files as a browser gets them.</summary>
public sealed partial class HeaderTests
{
    [Fact]
    public async Task Page_SecurityHeaders()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        using var index = await GetAsync(host, "/");
        Assert.Equal("text/html; charset=utf-8", index.Content.Headers.ContentType!.ToString());
        Assert.True(index.Headers.CacheControl!.NoCache);
        var html = await ReadAsync(index);
        var files = Links().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(5, files.Distinct().Count()); // three scripts, a style, an icon

        foreach (var path in files.Append("/").Append("/pairs/EUR-GBP").Append("/health"))
        {
            using var plain = await GetAsync(host, path);
            AssertGuarded(plain);
            var hashed = path.Contains('-', StringComparison.Ordinal)
                && path.Contains('.', StringComparison.Ordinal);
            Assert.Equal(
                hashed ? "public, max-age=31536000, immutable" : "no-cache",
                plain.Headers.CacheControl!.ToString());
            var text = await ReadAsync(plain);

            using var again = await GetAsync(host, path, ifNoneMatch: plain.Headers.ETag!.Tag);
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Empty(await ReadAsync(again));
            using var other = await GetAsync(host, path, ifNoneMatch: "\"other\"");
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);

            foreach (var encoding in (string[])["br", "gzip"])
            {
                using var packed = await GetAsync(host, path, encoding);
                AssertGuarded(packed);
                Assert.Equal([encoding], packed.Content.Headers.ContentEncoding);
                Assert.Contains("Accept-Encoding", packed.Headers.Vary);
                Assert.Equal(text, await ReadAsync(packed));
            }
        }
    }

    [Fact]
    public async Task Page_MethodOrPathUnknown_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        using var missing = await GetAsync(host, "/app-00000000.js");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var posted = await host.Client.PostAsync(
            new Uri("/", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    private static void AssertGuarded(HttpResponseMessage answer)
    {
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy")).Split("; ");
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("script-src 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain(policy, rule => rule.Contains("unsafe", StringComparison.Ordinal));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    private static async Task<HttpResponseMessage> GetAsync(
        HostProcess host, string path, string? encoding = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (encoding is not null)
            request.Headers.AcceptEncoding.ParseAdd(encoding);
        if (ifNoneMatch is not null)
            request.Headers.IfNoneMatch.ParseAdd(ifNoneMatch);
        return await host.Client.SendAsync(request);
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStreamAsync();
        await using var plain = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Links();
}
