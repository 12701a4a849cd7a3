using Microsoft.AspNetCore.Connections;

namespace TradeProcessor.Consumer.Api;

/// <summary>Counts the connections of all endpoints.</summary>
internal sealed class OpenConnections
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        _ = Interlocked.Increment(ref _count);
        try
        {
            await next(connection);
        }
        finally
        {
            _ = Interlocked.Decrement(ref _count);
        }
    };
}
