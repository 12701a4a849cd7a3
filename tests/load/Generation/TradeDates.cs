using System.Globalization;
using System.Text;

namespace TradeProcessor.Load.Generation;

/// <summary>Every day of one year, ready as text in both forms that the service reads.</summary>
internal static class TradeDates
{
    public const int Days = 366;

    private static readonly byte[][] Sample = Make("dd-MMM-yy ");
    private static readonly byte[][] Iso = Make("yyyy-MM-ddT");

    /// <summary>As in the sample, <c>24-JAN-15 </c>.</summary>
    public static ReadOnlySpan<byte> SampleForm(int day) => Sample[day];

    /// <summary>As in ISO 8601, <c>2015-01-24T</c>.</summary>
    public static ReadOnlySpan<byte> IsoForm(int day) => Iso[day];

    private static byte[][] Make(string format)
    {
        var first = new DateOnly(2024, 1, 1);
        var texts = new byte[Days][];
        for (var day = 0; day < Days; day++)
        {
            var text = first.AddDays(day).ToDateTime(TimeOnly.MinValue)
                .ToString(format, CultureInfo.InvariantCulture);
            texts[day] = Encoding.ASCII.GetBytes(text.ToUpperInvariant());
        }

        return texts;
    }
}
