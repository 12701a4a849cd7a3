using System.Globalization;
using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// The last sequence of each producer that is counted in a shard. In Redis a hash: producer as 16
/// hex digits → sequence and when it was seen, as decimal ticks, separated by a space. Not
/// thread-safe.
/// </summary>
internal sealed class ProducerMarks
{
    /// <summary>A producer repeats for minutes at most; its next run has another identity.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(2);

    // Many consumers that restart often leave some thousands.
    private const int MaxForgotten = 1_000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    private readonly Dictionary<ulong, Mark> _committed = [];
    private readonly Dictionary<ulong, Mark> _changed = [];
    private long _lookAgainAtTicks;

    private readonly record struct Mark(ulong Sequence, long SeenTicks);

    /// <param name="fields">Names and values by turns.</param>
    /// <exception cref="InvalidDataException">They are no marks.</exception>
    public ProducerMarks(IReadOnlyList<RedisValue> fields)
    {
        for (var i = 0; i + 1 < fields.Count; i += 2)
        {
            var parts = ((string)fields[i + 1]!).Split(' ');
            if (!ulong.TryParse(
                    (string)fields[i]!,
                    NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture,
                    out var producer)
                || parts.Length != 2
                || !ulong.TryParse(parts[0], CultureInfo.InvariantCulture, out var sequence)
                || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var seenTicks))
            {
                throw new InvalidDataException(
                    $"The mark of the producer '{fields[i]}' is '{fields[i + 1]}'.");
            }
            _committed[producer] = new Mark(sequence, seenTicks);
        }
    }

    /// <summary>Whether the frame was counted before; if not, it is taken as counted.</summary>
    public bool IsRepeat(in FrameHeader header, long nowTicks)
    {
        if (header.ProducerId == 0)
            return false;
        var isKnown = _changed.TryGetValue(header.ProducerId, out var mark)
            || _committed.TryGetValue(header.ProducerId, out mark);
        if (isKnown && header.ProducerSequence <= mark.Sequence)
            return true;
        _changed[header.ProducerId] = new Mark(header.ProducerSequence, nowTicks);
        return false;
    }

    /// <summary>Forgets what changed since the last commit.</summary>
    public void Rewind() => _changed.Clear();

    /// <summary>Adds what changed to a commit; the producers that it forgets.</summary>
    public IReadOnlyList<ulong> AddTo(CommitScript script, int shard, long nowTicks)
    {
        var key = RedisKeys.Marks(shard);
        if (_changed.Count > 0)
            script.Add("HSET", key, [.. _changed.SelectMany(Fields)]);
        if (nowTicks < _lookAgainAtTicks)
            return [];
        var before = nowTicks - KeptFor.Ticks;
        var forgotten = _committed
            .Where(mark => mark.Value.SeenTicks < before && !_changed.ContainsKey(mark.Key))
            .Select(mark => mark.Key)
            .Take(MaxForgotten)
            .ToList();
        if (forgotten.Count > 0)
            script.Add("HDEL", key, [.. forgotten.Select(Field)]);
        if (forgotten.Count < MaxForgotten)
            _lookAgainAtTicks = nowTicks + LookEvery.Ticks;
        return forgotten;
    }

    public void Committed(IReadOnlyList<ulong> forgotten)
    {
        foreach (var (producer, mark) in _changed)
            _committed[producer] = mark;
        _changed.Clear();
        foreach (var producer in forgotten)
            _ = _committed.Remove(producer);
    }

    private static RedisValue Field(ulong producer) =>
        producer.ToString("x16", CultureInfo.InvariantCulture);

    private static IEnumerable<RedisValue> Fields(KeyValuePair<ulong, Mark> mark)
    {
        yield return Field(mark.Key);
        yield return string.Create(
            CultureInfo.InvariantCulture, $"{mark.Value.Sequence} {mark.Value.SeenTicks}");
    }
}
