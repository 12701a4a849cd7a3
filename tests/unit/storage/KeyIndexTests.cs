using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Tests.Unit.Storage;

/// <summary>The index of idempotency keys beside a dictionary and a list.</summary>
public sealed class KeyIndexTests
{
    private static readonly long Day = IOnceLog.RememberedFor.Ticks;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(7, 20)]
    [InlineData(64, 200)]
    [InlineData(1000, 700)]
    [InlineData(5000, 100_000)]
    public void AnyOperations_GiveWhatADictionaryWithExpiryAndOverflowGives(int capacity, int keys)
    {
        var seed = Random.Shared.Next(1_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var index = new KeyIndex(capacity);
        var oracle = new Oracle(capacity);
        var now = SampleFrames.StartTicks;
        for (var i = 0; i < 30_000; i++)
        {
            now += random.NextInt64(random.Next(50) == 0 ? Day / 4 : Day / 2000);
            var key = KeyOf(random.Next(keys));
            Assert.Equal(oracle.Find(key, now), Find(index, key, now));
            if (random.Next(3) == 0)
                continue;
            var entry = new RememberedKey(
                new BoundKey(key, new BodyDigest((ulong)random.NextInt64(), 1)), now);
            index.Add(entry);
            oracle.Add(entry);
            Assert.Equal(oracle.Find(key, now), Find(index, key, now));
        }
        Assert.InRange(index.Count, 0, capacity);
        Assert.Equal(oracle.Entries(now), index.ToArray().Where(entry => now - entry.AtTicks < Day));
        for (var i = 0; i < keys; i++)
            Assert.Equal(oracle.Find(KeyOf(i), now), Find(index, KeyOf(i), now));
    }

    [Fact]
    public void Add_KeysThatShareTheirBits_AreKeptApart()
    {
        // The low half chooses the shard, the high one the place: equal ones must not be one key.
        var index = new KeyIndex(1000);
        for (ulong i = 0; i < 1000; i++)
            index.Add(new RememberedKey(new BoundKey(new RequestKey(i, 42), new BodyDigest(i, i)), 1));
        for (ulong i = 0; i < 1000; i++)
            Assert.Equal(new BodyDigest(i, i), Find(index, new RequestKey(i, 42), 1));
        Assert.Null(Find(index, new RequestKey(1000, 42), 1));
    }

    [Fact]
    public void Add_ClockSetBack_NeverFindsAnExpiredKeyAndTakesItAnew()
    {
        var index = new KeyIndex(10);
        var (early, late) = (KeyOf(1), KeyOf(2));
        index.Add(new RememberedKey(new BoundKey(late, new BodyDigest(1, 1)), 10 * Day));
        index.Add(new RememberedKey(new BoundKey(early, new BodyDigest(2, 2)), 5 * Day));
        Assert.Null(Find(index, early, 7 * Day));
        index.Add(new RememberedKey(new BoundKey(early, new BodyDigest(3, 3)), 7 * Day));
        Assert.Equal(new BodyDigest(3, 3), Find(index, early, 7 * Day));
        for (var i = 3; i < 10; i++)
            index.Add(new RememberedKey(new BoundKey(KeyOf(i), default), 7 * Day + i));
        Assert.Equal(new BodyDigest(3, 3), Find(index, early, 7 * Day));
        Assert.Equal(new BodyDigest(1, 1), Find(index, late, 7 * Day));
    }

    private static RequestKey KeyOf(int number)
    {
        var random = new Random(number);
        return new RequestKey((ulong)random.NextInt64(), (ulong)random.NextInt64());
    }

    private static BodyDigest? Find(KeyIndex index, RequestKey key, long now) =>
        index.TryFind(key, now, out var body) ? body : null;

    private sealed class Oracle(int capacity)
    {
        private readonly Dictionary<RequestKey, RememberedKey> _byKey = [];
        private readonly Queue<RememberedKey> _inOrder = [];

        public BodyDigest? Find(RequestKey key, long now) =>
            _byKey.TryGetValue(key, out var entry) && now - entry.AtTicks < Day
                ? entry.Bound.Body
                : null;

        public void Add(RememberedKey entry)
        {
            while (_inOrder.TryPeek(out var oldest) && entry.AtTicks - oldest.AtTicks >= Day)
                _ = _byKey.Remove(_inOrder.Dequeue().Bound.Key);
            if (_byKey.ContainsKey(entry.Bound.Key))
                return;
            if (_inOrder.Count == capacity)
                _ = _byKey.Remove(_inOrder.Dequeue().Bound.Key);
            _byKey.Add(entry.Bound.Key, entry);
            _inOrder.Enqueue(entry);
        }

        public IEnumerable<RememberedKey> Entries(long now) =>
            _inOrder.Where(entry => now - entry.AtTicks < Day);
    }
}
