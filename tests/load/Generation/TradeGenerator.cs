namespace TradeProcessor.Load.Generation;

/// <summary>
/// Trade <c>i</c> of a run is a pure function of (seed, i): what was acknowledged can be worked
/// out again later, and nothing has to be kept of what was sent.
/// </summary>
internal sealed class TradeGenerator(ulong seed)
{
    private const int FirstUserId = 100_000;
    private const ulong Users = 250_000;

    // In hundredths: most sales are small, one in eight is between ten and a hundred thousand.
    private static readonly long[] Magnitudes =
        [1_000, 1_000, 10_000, 10_000, 10_000, 100_000, 100_000, 1_000_000];

    private static readonly long[] PowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    private readonly ZipfTable _pairs = new(CurrencyPair.All.Length, 1.0);
    private readonly ZipfTable _countries = new(Country.All.Length, 1.1);
    private readonly CurrencyPair[] _table = CurrencyPair.All;
    private readonly RateCourse _courses = new(seed);

    public Trade Make(long index)
    {
        var random = new SplitMix(seed, index);
        var bits = random.Next();

        var pair = _pairs.Rank(bits);
        var country = _countries.Rank(bits >> 12);
        var magnitude = Magnitudes[(bits >> 24) & 7];
        var round = ((bits >> 27) & 7) == 0;
        var iso = ((bits >> 30) & 7) == 0;
        var day = (int)(((bits >> 33) & 0xFFFF) * TradeDates.Days >> 16);

        // The product of two draws leans towards zero: a few users trade much, most a little.
        var user = Math.BigMul(random.Next(), random.Below(Users), out _);

        var sell = magnitude + (long)random.Below((ulong)magnitude * 9);
        if (round)
            sell -= sell % magnitude;
        sell *= _table[pair].SellScale;

        var moment = random.Next();
        var mid = (long)_table[pair].Mid;
        mid += mid * _courses.At(pair, index) / 1_000_000;
        // Clients deal at a hundredth of a percent about the course.
        var rate = (int)(mid - mid / 10_000 + (uint)moment % (mid / 5_000 + 1));
        var unit = PowersOfTen[_table[pair].Decimals];
        var buy = Math.Max(1, (sell * rate + unit / 2) / unit);
        var second = (int)((moment >> 32) * 86_400 >> 32);

        return new Trade(
            FirstUserId + (int)user, pair, country, sell, buy, rate, day, second, iso);
    }
}
