using System.Globalization;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>What a Redis says of itself. What it does not tell is null.</summary>
internal sealed record RedisServerState(string? AppendOnly, string? AppendFsync, int? Replicas)
{
    /// <summary>Null where it is not known.</summary>
    public Durability? Durability => (AppendOnly, AppendFsync) switch
    {
        (null, _) => null,
        ("yes", "always") => Contracts.Durability.Disk,
        ("yes", _) => Contracts.Durability.ProcessCrash,
        _ => Contracts.Durability.Memory,
    };
}

/// <summary>
/// Keeps what the Redis last said of itself; asks again after each new connection, and from time to
/// time when it is read.
/// </summary>
internal sealed class RedisServerSettings
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(10);

    // An answer takes under a millisecond; without one, the last known state is shown.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(100);

    private readonly RedisLink _link;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private RedisServerState _known = new(null, null, null);
    private Task _asking = Task.CompletedTask;
    private long _askedTimestamp;

    private RedisServerSettings(RedisLink link, TimeProvider time)
    {
        _link = link;
        _time = time;
        link.Renewed += _ => Ask();
    }

    public RedisServerState Known => Volatile.Read(ref _known);

    public static async Task<RedisServerSettings> OpenAsync(RedisLink link, TimeProvider time)
    {
        var settings = new RedisServerSettings(link, time);
        await settings.Ask();
        return settings;
    }

    /// <summary>Asks where the last time is more than ten seconds ago; waits 100 ms at most.</summary>
    public RedisServerState Refresh()
    {
        Task asking;
        lock (_gate)
        {
            asking = _time.GetElapsedTime(_askedTimestamp) < AskEvery
                ? Task.CompletedTask
                : Ask();
        }
        _ = asking.Wait(AnswerLimit);
        return Known;
    }

    private Task Ask()
    {
        lock (_gate)
        {
            _askedTimestamp = _time.GetTimestamp();
            if (_asking.IsCompleted)
                _asking = Task.Run(ReadAsync);
            return _asking;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            Volatile.Write(ref _known, new RedisServerState(
                await SettingAsync("appendonly"),
                await SettingAsync("appendfsync"),
                await ReplicasAsync()));
        }
        catch (LogUnavailableException)
        {
            // What was last known stands until Redis answers.
        }
    }

    private async ValueTask<string?> SettingAsync(string name)
    {
        try
        {
            var pair = (string[]?)await _link.CallAsync(
                database => database.ExecuteAsync("CONFIG", "GET", name));
            return pair is [_, var value] ? value : null;
        }
        catch (LogUnavailableException exception)
            when (exception.InnerException is RedisRefusedException)
        {
            return null;
        }
    }

    private async ValueTask<int?> ReplicasAsync()
    {
        const string Line = "connected_slaves:";
        try
        {
            var section = (string?)await _link.CallAsync(
                database => database.ExecuteAsync("INFO", "replication"));
            var line = section?.Split('\n').FirstOrDefault(
                text => text.StartsWith(Line, StringComparison.Ordinal));
            return int.TryParse(
                line?[Line.Length..], CultureInfo.InvariantCulture, out var replicas)
                ? replicas
                : null;
        }
        catch (LogUnavailableException exception)
            when (exception.InnerException is RedisRefusedException)
        {
            return null;
        }
    }
}
