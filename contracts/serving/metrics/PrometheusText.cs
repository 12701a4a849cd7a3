using System.Globalization;
using System.Text;

namespace TradeProcessor.Serving;

/// <summary>Prometheus' text format 0.0.4.</summary>
internal static class PrometheusText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
            Write(text, family);
        return text.ToString();
    }

    /// <summary>The name with the suffix of its kind and with allowed characters only.</summary>
    public static string MetricName(string name, MetricKind kind)
    {
        var plain = Allowed(name, withColon: true);
        return kind == MetricKind.Counter && !plain.EndsWith("_total", StringComparison.Ordinal)
            ? plain + "_total"
            : plain;
    }

    public static string LabelName(string name) => Allowed(name, withColon: false);

    public static string Escape(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\").Replace("\n", "\\n");
        return quotes ? text.Replace("\"", "\\\"") : text;
    }

    private static void Write(StringBuilder text, MetricFamily family)
    {
        var name = MetricName(family.Name, family.Kind);
        var type = family.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };
        text.Append("# HELP ").Append(name).Append(' ')
            .Append(Escape(family.Help, quotes: false)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (var series in family.Series)
        {
            if (family.Bounds is { } bounds)
                Histogram(text, name, series, bounds);
            else
                Sample(text, name, series.Labels, Scalar(series));
        }
    }

    private static void Histogram(
        StringBuilder text, string name, MetricSeries series, double[] bounds)
    {
        var separator = series.Labels.Length > 0 ? "," : "";
        // The count is that of the buckets, so that they agree while others record.
        long count = 0;
        for (var i = 0; i <= bounds.Length; i++)
        {
            count += Volatile.Read(in series.Buckets[i]);
            var bound = i < bounds.Length ? Number(bounds[i]) : "+Inf";
            var labels = $"{series.Labels}{separator}le=\"{bound}\"";
            Sample(text, name + "_bucket", labels, Whole(count));
        }
        Sample(text, name + "_sum", series.Labels, Number(series.Fraction));
        Sample(text, name + "_count", series.Labels, Whole(count));
    }

    private static void Sample(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value).Append('\n');
    }

    private static string Scalar(MetricSeries series) => series.Fraction == 0
        ? Whole(series.Whole)
        : Number(series.Whole + series.Fraction);

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        return value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static string Allowed(string name, bool withColon) => string.Create(
        name.Length, (name, withColon), static (text, from) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                var c = from.name[i];
                var isAllowed = char.IsAsciiLetter(c) || c == '_'
                    || (i > 0 && char.IsAsciiDigit(c)) || (from.withColon && c == ':');
                text[i] = isAllowed ? c : '_';
            }
        });
}
