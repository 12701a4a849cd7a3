using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TradeProcessor.Load.Verifying;

/// <summary>Reads the service's sums since the start of the day on which the run began.</summary>
internal sealed class AggregatesClient : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _from;
    private readonly Uri _resource;

    public AggregatesClient(Uri service, TimeProvider time)
    {
        _time = time;
        _from = Midnight();
        _resource = new Uri(service, "api/aggregates");
    }

    /// <param name="cells">By pair and country; otherwise one sum, which is cheap to poll.</param>
    /// <exception cref="HttpRequestException">Not reached, or not a good answer.</exception>
    /// <exception cref="JsonException">An answer of another shape.</exception>
    /// <exception cref="FormatException">An amount that is not an exact number.</exception>
    public async Task<Dictionary<CellName, CellSum>> ReadAsync(bool cells, CancellationToken stop)
    {
        // Aggregation goes by receipt, and a run may cross midnight: the end moves with the day.
        var to = Midnight().AddDays(1);
        var query = $"?interval=1d&from={Text(_from)}&to={Text(to)}"
            + (cells ? "&groupBy=pair,country" : "&groupBy=none");
        using var answer = await _http.GetAsync(new Uri(_resource, query), stop);
        var body = await answer.Content.ReadAsByteArrayAsync(stop);
        if (!answer.IsSuccessStatusCode)
        {
            var start = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(200, body.Length)));
            throw new HttpRequestException($"{(int)answer.StatusCode} {start}");
        }

        return AggregatesAnswer.Parse(body);
    }

    public void Dispose() => _http.Dispose();

    private DateTimeOffset Midnight() => new(_time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    private static string Text(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
