using Microsoft.AspNetCore.Connections;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// For as long as it is not disposed, whoever waits for the connection goes on within its loop.
/// Nothing on connections of another transport.
/// </summary>
internal readonly struct InlineUse : IDisposable
{
    private readonly LoopConnection? _connection;

    private InlineUse(LoopConnection? connection) => _connection = connection;

    /// <summary>Null where there is none.</summary>
    public ConnectionLoop? Loop => _connection?.Loop;

    public static InlineUse Of(ConnectionContext connection)
    {
        var own = connection as LoopConnection;
        own?.IsInline = true;
        return new InlineUse(own);
    }

    public void Dispose() => _connection?.IsInline = false;
}
