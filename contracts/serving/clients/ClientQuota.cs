using System.Collections.Concurrent;
using System.Net;

namespace TradeProcessor.Serving;

/// <summary>
/// Counts what each client holds at one time, up to a limit for each. Thread-safe. Nothing is kept
/// of a client that holds nothing.
/// </summary>
/// <param name="max">Most that one client may hold.</param>
public sealed class ClientQuota(int max)
{
    private readonly ConcurrentDictionary<IPAddress, int> _held = new();

    /// <summary>False where the client holds all that it may; then nothing changes.</summary>
    /// <param name="client">By <see cref="ClientAddress.NetworkOf(IPAddress)"/>.</param>
    public bool TryTake(IPAddress client)
    {
        while (true)
        {
            var isHolding = _held.TryGetValue(client, out var held);
            if (held >= max)
                return false;
            if (isHolding
                ? _held.TryUpdate(client, held + 1, held)
                : _held.TryAdd(client, 1))
            {
                return true;
            }
        }
    }

    /// <summary>Takes one back; for each <see cref="TryTake"/> that was true, once.</summary>
    public void Give(IPAddress client)
    {
        while (_held.TryGetValue(client, out var held))
        {
            if (held > 1
                ? _held.TryUpdate(client, held - 1, held)
                : _held.TryRemove(new KeyValuePair<IPAddress, int>(client, held)))
            {
                return;
            }
        }
    }
}
