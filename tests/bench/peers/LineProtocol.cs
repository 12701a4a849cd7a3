using System.Globalization;
using System.Text;
using TradeProcessor.Load.Generation;

namespace TradeProcessor.Bench.Peers;

/// <summary>Trades as lines of InfluxDB: pair and country are tags, the rest are fields.</summary>
internal static class LineProtocol
{
    private const long TicksToNanoseconds = 100;

    /// <param name="at">Of the first trade; each later one is a microsecond later.</param>
    public static byte[] Write(TradeGenerator generator, long from, int count, DateTime at)
    {
        var text = new StringBuilder();
        var first = (at - DateTime.UnixEpoch).Ticks * TicksToNanoseconds;
        for (var i = 0; i < count; i++)
        {
            var trade = generator.Make(from + i);
            var (pair, country) = Trade.NameOf(trade.Cell);
            var rate = trade.Rate / Math.Pow(10, CurrencyPair.All[trade.Pair].Decimals);
            text.Append(CultureInfo.InvariantCulture,
                $"trades,pair={pair},country={country} userId=\"{trade.UserId}\","
                + $"sell={trade.SellCents / 100m},buy={trade.BuyCents / 100m},rate={rate} "
                + $"{first + (from + i) * 1000}\n");
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
