namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>Redis answered a call with an error: it had no effect.</summary>
internal sealed class RedisRefusedException(string message) : Exception(message)
{
    private static readonly string[] NotThePrimary =
    [
        "READONLY",
        "MASTERDOWN",
        "UNBLOCKED", // it became a replica meanwhile
        "ERR WAIT cannot be used with replica",
        "MOVED",
        "ASK",
        "CLUSTERDOWN",
        "Endpoint ", // the library's own, of what has moved where it has no connection
        "Command cannot be issued to a ", // the library's own, before it sends
    ];

    /// <summary>What answered is not, or no longer, the primary of what was called.</summary>
    public bool IsFromOtherThanPrimary => Array.Exists(
        NotThePrimary, beginning => Message.StartsWith(beginning, StringComparison.Ordinal));
}
