using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Contracts;

public sealed class CellTableTests(ITestOutputHelper output)
{
    private const int Steps = 40_000;
    private const int Keys = 3_000;

    [Fact]
    public void FindOrAdd_RandomKeysAndGuesses_PlacesAreThoseOfAListInOrderOfArrival()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var table = new CellTable();
        var places = new Dictionary<CellKey, int>();
        for (var step = 0; step < Steps; step++)
        {
            if (random.Next(Steps / 3) == 0)
            {
                table.Clear();
                places.Clear();
            }
            // Few bits differ, as with codes; the default key is one of them.
            var number = (uint)random.Next(Keys);
            var key = new CellKey(
                new CurrencyPair(new AssetCode(number % 50), new AssetCode(number / 50 % 6)),
                new CountryCode((ushort)(number / 300)));
            Assert.Equal(places.GetValueOrDefault(key, -1), table.Find(key));
            _ = places.TryAdd(key, places.Count);
            var guess = random.Next(-2, places.Count + 2);
            var place = random.Next(2) == 0
                ? table.FindOrAdd(key)
                : table.FindOrAdd(key, random.Next(2) == 0 ? guess : places[key]);
            Assert.Equal(places[key], place);
            Assert.Equal(places.Count, table.Count);
        }
        foreach (var (key, place) in places)
            Assert.Equal(key, table.Cells[place].Key);
    }
}
