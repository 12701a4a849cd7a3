using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace TradeProcessor.Tests.Integration;

/// <summary>
/// Sends each request under a key of its own until it is answered 202, whatever happens to the
/// host in between: what a client does that wants each trade stored exactly once.
/// </summary>
internal sealed class OnceClient(int seed)
{
    private long _next;
    private long _answers;
    private long _unknown;

    /// <summary>User ids of all requests; each is in one trade.</summary>
    public ConcurrentDictionary<string, byte> Acknowledged { get; } = new();

    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Tries that were cut off or answered that nobody knows.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    /// <summary>Begins no new request once cancelled, but ends the one that it has begun.</summary>
    /// <param name="client">The host's client, another one after each start.</param>
    public async Task RunAsync(Func<HttpClient> client, int lane, CancellationToken cancellation)
    {
        var random = new Random(seed * 1000 + lane);
        while (!cancellation.IsCancellationRequested)
        {
            var ids = Enumerable.Range(0, random.Next(3) == 0 ? random.Next(2, 20) : 1)
                .Select(_ => $"k{Interlocked.Increment(ref _next)}")
                .ToList();
            var body = string.Concat(ids.Select(id => TradeClient.Trade(id, random) + "\n"));
            var key = $"{seed}-{ids[0]}";
            while (!await TryPostAsync(client(), body, key))
                await Task.Delay(random.Next(1, 20), CancellationToken.None);
            foreach (var id in ids)
                Assert.True(Acknowledged.TryAdd(id, 0));
        }
    }

    private async Task<bool> TryPostAsync(HttpClient client, string body, string key)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/x-ndjson");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/trades", UriKind.Relative))
        {
            Content = content,
            Headers = { { "Idempotency-Key", key } },
        };
        try
        {
            using var answer = await client.SendAsync(request, CancellationToken.None);
            Assert.True(
                answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict
                    or HttpStatusCode.ServiceUnavailable,
                $"{answer.StatusCode} for {key}");
            _ = Interlocked.Increment(ref _answers);
            if (answer.StatusCode == HttpStatusCode.Accepted)
                return true;
        }
        catch (Exception exception) when (exception is HttpRequestException
            or ObjectDisposedException or TaskCanceledException)
        {
            // Killed, or not started again yet.
        }
        _ = Interlocked.Increment(ref _unknown);
        return false;
    }
}
