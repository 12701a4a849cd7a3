namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// Serves the connections of loops before Kestrel has them: what Kestrel holds of a connection, and
/// looks at each second, is several times what a loop needs.
/// </summary>
internal interface IFirstService
{
    /// <summary>Begins on the connection's loop.</summary>
    /// <returns>True where Kestrel is to go on; what it is to read was not taken.</returns>
    ValueTask<bool> ServeAsync(LoopConnection connection);
}

/// <summary>Leaves all to Kestrel.</summary>
internal sealed class NoFirstService : IFirstService
{
    public ValueTask<bool> ServeAsync(LoopConnection connection) => ValueTask.FromResult(true);
}

/// <summary>Looks after a connection that Kestrel does not have; called on its loop.</summary>
internal interface IConnectionWatch
{
    /// <summary>It waits for something that must come soon: it gets a beat each second.</summary>
    bool IsPressing { get; }

    /// <summary>So many seconds more are over.</summary>
    void Beat(int seconds);

    /// <summary>To end as soon as no request is under way.</summary>
    void RequestEnd();
}
