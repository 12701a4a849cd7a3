namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>Finds lost updates by the sequence that each publisher has for each shard.</summary>
internal sealed class LiveGaps
{
    // Workers come and go. To forget them only makes the next update of each look like a gap.
    private const int MaxPublishers = 4096;

    private readonly Dictionary<(ulong Publisher, int Shard), ulong> _last = [];

    /// <summary>Whether the message is not the one that follows the last.</summary>
    public bool IsGap(in LiveMessage message)
    {
        var key = (message.Publisher, message.Update.Shard);
        var last = _last.GetValueOrDefault(key);
        if (_last.Count >= MaxPublishers)
            _last.Clear();
        _last[key] = message.Sequence;
        return message.Sequence != last + 1;
    }
}
