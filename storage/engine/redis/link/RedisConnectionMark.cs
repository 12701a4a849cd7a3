using System.Security.Cryptography;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// One connection to Redis, by a random name that it was given. The library makes new ones by
/// itself, and a server that was started again counts them from the beginning; but a new one has
/// the configured name.
/// </summary>
/// <param name="Name">What the server calls it.</param>
internal readonly record struct RedisConnectionMark(string? Name)
{
    private const string Prefix = "tradeprocessor-writer-";

    /// <summary>False for one that was not given a name yet.</summary>
    public bool IsKnown => Name?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    public static string NewName() => Prefix + RandomNumberGenerator.GetHexString(32);
}

/// <summary>What was written on the connection before may not have reached the replicas.</summary>
internal sealed class NewConnectionException() : Exception("The connection is a new one.");
