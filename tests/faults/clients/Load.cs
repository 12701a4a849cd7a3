namespace TradeProcessor.Tests.Faults.Clients;

/// <summary>Many clients at work until they are stopped, on one book and one journal.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<JournaledClient> _clients = [];
    private readonly List<Task> _running;

    public Load(
        IEnumerable<Lane> lanes,
        int seed,
        IReadOnlyList<Uri> targets,
        PageBook book,
        Journal journal)
    {
        var number = book.Pages.Count; // other clients' numbers and keys are not used again
        foreach (var lane in lanes)
            _clients.Add(new JournaledClient(lane, number++, seed, book, journal, targets));
        _running = [.. _clients.Select(client => Task.Run(() => client.RunAsync(_stop.Token)))];
    }

    /// <summary>Sees the requests that are under way to their end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var client in _clients)
            client.Dispose();
        _stop.Dispose();
    }
}
