using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Serving;

/// <summary>Listens to the program's meter and keeps what /metrics prints.</summary>
public sealed partial class MetricsListener : IDisposable
{
    /// <summary>
    /// Instruments of this meter are printed: of the container's <see cref="IMeterFactory"/>, or
    /// of a meter that was made by hand.
    /// </summary>
    public const string MeterName = "TradeProcessor";

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _scrape = new();
    private readonly ILogger<MetricsListener> _logger;

    public MetricsListener(IMeterFactory meters, ILogger<MetricsListener> logger)
    {
        _logger = logger;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var scope = instrument.Meter.Scope;
            var isOurs = scope is null || ReferenceEquals(scope, meters);
            if (isOurs && instrument.Meter.Name == MeterName)
                listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
        };
        _listener.SetMeasurementEventCallback<long>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<double>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>All metrics as Prometheus reads them.</summary>
    public string Scrape()
    {
        lock (_scrape)
        {
            Observe();
            return PrometheusText.Write(
                _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal));
        }
    }

    /// <summary>What the instruments say now; valid until the next look at them.</summary>
    internal MetricValues Read()
    {
        lock (_scrape)
        {
            Observe();
            return new MetricValues(_families);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Observe()
    {
        foreach (var family in _families.Values)
        {
            if (family.IsObserved)
                family.Forget();
        }
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException failures)
        {
            Log.GaugeFailed(_logger, failures);
        }
    }

    // Two instruments of one name print as one.
    private MetricFamily FamilyOf(Instrument instrument) =>
        _families.GetOrAdd(
            instrument.Name, static (name, of) => new MetricFamily(name, of), instrument);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "An instrument could not be read")]
        public static partial void GaugeFailed(ILogger logger, Exception exception);
    }
}
