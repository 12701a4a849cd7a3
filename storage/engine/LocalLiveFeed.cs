using System.Collections.Immutable;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine;

/// <summary>Carries updates within the process.</summary>
internal sealed class LocalLiveFeed : ILiveFeed
{
    private ImmutableList<Action<LiveUpdate>> _listeners = [];

    public void Publish(LiveUpdate update)
    {
        foreach (var listener in Volatile.Read(ref _listeners))
            listener(update);
    }

    public IDisposable Listen(Action<LiveUpdate> listener)
    {
        _ = ImmutableInterlocked.Update(ref _listeners, list => list.Add(listener));
        return new Subscription(this, listener);
    }

    private sealed class Subscription(LocalLiveFeed feed, Action<LiveUpdate> listener) : IDisposable
    {
        public void Dispose() =>
            ImmutableInterlocked.Update(ref feed._listeners, list => list.Remove(listener));
    }
}
