using System.Numerics;
using System.Runtime.InteropServices;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>A key, its body, and when its trades were received; 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RememberedKey(BoundKey Bound, long AtTicks);

/// <summary>
/// Idempotency keys of the last 24 hours, 48 bytes a slot: a ring in the order in which they came,
/// and an open-addressing table of places in it. A key past the capacity takes the place of the
/// oldest. Not thread-safe.
/// </summary>
internal sealed class KeyIndex
{
    private const int FirstSlots = 64;

    // Keys are hashes that a client can choose; where they lie in the table it cannot know.
    private readonly ulong _spread = (ulong)Random.Shared.NextInt64() | 1;
    private readonly int _capacity;
    private RememberedKey[] _ring = new RememberedKey[FirstSlots];
    private int[] _table = new int[2 * FirstSlots]; // slot in _ring plus one; 0 is free
    private long _oldest; // number of the oldest entry; its slot is the number modulo the ring
    private long _next;

    public KeyIndex(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Places of the ring that are taken, by keys that are too old among them.</summary>
    public int Count => (int)(_next - _oldest);

    /// <summary>Whether the key is remembered, and for which body.</summary>
    public bool TryFind(RequestKey key, long nowTicks, out BodyDigest body)
    {
        var slot = _table[PlaceOf(key)] - 1;
        body = slot < 0 ? default : _ring[slot].Bound.Body;
        return slot >= 0 && !IsExpired(_ring[slot], nowTicks);
    }

    /// <summary>Remembers a key; one that is remembered already stays as it is.</summary>
    public void Add(in RememberedKey entry)
    {
        while (Count > 0 && IsExpired(_ring[Slot(_oldest)], entry.AtTicks))
            ForgetOldest();
        if (TryFind(entry.Bound.Key, entry.AtTicks, out _))
            return;
        if (Count == _capacity)
            ForgetOldest();
        if (Count == _ring.Length)
            Grow();
        var slot = Slot(_next++);
        _ring[slot] = entry;
        // An expired entry of the key, where a clock that was set back hides it, is left behind.
        _table[PlaceOf(entry.Bound.Key)] = slot + 1;
    }

    /// <summary>Remembers the keys of a whole frame.</summary>
    public void Add(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        var keys = TradeFrame.Keys(frame, header);
        for (; !keys.IsEmpty; keys = keys[BoundKey.Bytes..])
            Add(new RememberedKey(BoundKey.Read(keys), header.ReceivedAtTicks));
    }

    /// <summary>Remembers what another index does, as the newer part.</summary>
    public void Add(ReadOnlySpan<RememberedKey> entries)
    {
        foreach (ref readonly var entry in entries)
            Add(entry);
    }

    /// <summary>A copy of all that it holds, the oldest first.</summary>
    public RememberedKey[] ToArray()
    {
        var entries = new RememberedKey[Count];
        var first = Math.Min(Count, _ring.Length - Slot(_oldest));
        _ring.AsSpan(Slot(_oldest), first).CopyTo(entries);
        _ring.AsSpan(0, Count - first).CopyTo(entries.AsSpan(first));
        return entries;
    }

    private static bool IsExpired(in RememberedKey entry, long nowTicks) =>
        nowTicks - entry.AtTicks >= IOnceLog.RememberedFor.Ticks;

    private int Slot(long number) => (int)(number & (_ring.Length - 1));

    private int Home(RequestKey key) =>
        (int)((key.High * _spread) >> (64 - BitOperations.Log2((uint)_table.Length)));

    /// <summary>The place of the key in the table, or the free one where it would stand.</summary>
    private int PlaceOf(RequestKey key)
    {
        var mask = _table.Length - 1;
        var place = Home(key);
        while (_table[place] != 0 && _ring[_table[place] - 1].Bound.Key != key)
            place = place + 1 & mask;
        return place;
    }

    private void ForgetOldest()
    {
        var slot = Slot(_oldest++);
        var place = PlaceOf(_ring[slot].Bound.Key);
        if (_table[place] == slot + 1)
            Free(place);
    }

    /// <summary>Closes the gap, so that no search ends before its key.</summary>
    private void Free(int gap)
    {
        var mask = _table.Length - 1;
        for (var place = gap + 1 & mask; _table[place] != 0; place = place + 1 & mask)
        {
            var home = Home(_ring[_table[place] - 1].Bound.Key);
            if ((place - home & mask) < (place - gap & mask))
                continue;
            _table[gap] = _table[place];
            gap = place;
        }
        _table[gap] = 0;
    }

    private void Grow()
    {
        var entries = ToArray();
        _ring = new RememberedKey[2 * _ring.Length];
        _table = new int[2 * _ring.Length];
        entries.CopyTo(_ring, 0);
        (_oldest, _next) = (0, entries.Length);
        for (var slot = 0; slot < entries.Length; slot++)
            _table[PlaceOf(entries[slot].Bound.Key)] = slot + 1;
    }
}
