using System.Diagnostics;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Peers;

/// <summary>A database that runs in a directory of its own on the server's processor.</summary>
/// <param name="Insert">Where bodies go.</param>
internal sealed record Peer(
    string Name, ChildProcess Process, TemporaryDirectory Directory, Uri Insert) : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>Waits until it answers, and makes what it stores into.</summary>
    /// <param name="ping">Answers 2xx once it is ready.</param>
    /// <param name="statements">Sent as POSTs one after the other.</param>
    /// <exception cref="UnavailableException">It does not start, or refuses them.</exception>
    public async Task PrepareAsync(Uri ping, params IEnumerable<(Uri Url, string Body)> statements)
    {
        using var client = new HttpClient();
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(client, ping))
        {
            if (Process.HasEnded || Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new UnavailableException($"{Name} does not start: {Process.LastError}");
            await Task.Delay(100, Interruption.Token);
        }
        foreach (var (url, body) in statements)
        {
            using var content = new StringContent(body);
            using var answer = await client.PostAsync(url, content, Interruption.Token);
            if (!answer.IsSuccessStatusCode)
                throw new UnavailableException(await answer.Content.ReadAsStringAsync());
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        Directory.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, Uri ping)
    {
        try
        {
            using var answer = await client.GetAsync(ping, Interruption.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
