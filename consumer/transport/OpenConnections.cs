using Microsoft.AspNetCore.Connections;

namespace TradeProcessor.Consumer.Transport;

/// <summary>Counts the connections of all endpoints. Thread-safe.</summary>
internal sealed class OpenConnections
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Begin() => _ = Interlocked.Increment(ref _count);

    public void End() => _ = Interlocked.Decrement(ref _count);

    /// <summary>For those that Kestrel has.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        Begin();
        try
        {
            await next(connection);
        }
        finally
        {
            End();
        }
    };
}
