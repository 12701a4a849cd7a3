using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TradeProcessor.Serving;
using TradeProcessor.Tests.Unit.Api;

namespace TradeProcessor.Tests.Unit.Serving;

public sealed partial class MetricsTests : IDisposable
{
    private readonly ServiceProvider _services =
        new ServiceCollection().AddLogging().AddServing().BuildServiceProvider();

    private readonly MetricsListener _listener;
    private readonly Meter _meter;

    public MetricsTests()
    {
        _listener = _services.GetRequiredService<MetricsListener>();
        _meter = _services.GetRequiredService<IMeterFactory>().Create(MetricsListener.MeterName);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Counter_NotYetUsed_IsZero()
    {
        _meter.CreateCounter<long>("trades_accepted", description: "Trades that are in the log.");
        Assert.Equal(
            "# HELP trades_accepted_total Trades that are in the log.\n"
            + "# TYPE trades_accepted_total counter\n"
            + "trades_accepted_total 0\n",
            _listener.Scrape());
    }

    [Fact]
    public void Counter_WithTags_HasALineForEach()
    {
        var counter = _meter.CreateCounter<long>("trades_rejected");
        counter.Add(2, new KeyValuePair<string, object?>("code", "unknown_currency"));
        counter.Add(3, new KeyValuePair<string, object?>("code", "a\\b\"c\nd"));
        counter.Add(1, new("b", 1), new("a", true));
        counter.Add(1, new("a", true), new("b", 1));
        Assert.Equal(
            [
                """trades_rejected_total{a="True",b="1"} 2""",
                """trades_rejected_total{code="a\\b\"c\nd"} 3""",
                """trades_rejected_total{code="unknown_currency"} 2""",
            ],
            Samples());
    }

    [Fact]
    public void Counter_FromManyThreads_LosesNothing()
    {
        var whole = _meter.CreateCounter<long>("whole");
        var part = _meter.CreateCounter<double>("part");
        var seconds = _meter.CreateHistogram<double>("seconds");
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                whole.Add(1, new KeyValuePair<string, object?>("code", "x"));
                part.Add(0.5);
                seconds.Record(0.25);
            }
        });
        var samples = Samples();
        Assert.Contains("""whole_total{code="x"} 80000""", samples);
        Assert.Contains("part_total 40000", samples);
        Assert.Contains("seconds_sum 20000", samples);
        Assert.Contains("seconds_count 80000", samples);
    }

    [Fact]
    public void Counter_MoreTagsThanTheLimit_OverflowsIntoOneSeries()
    {
        var counter = _meter.CreateCounter<long>("paths");
        for (var i = 0; i < MetricFamily.MaxSeries + 50; i++)
            counter.Add(1, new KeyValuePair<string, object?>("path", i.ToString()));
        var samples = Samples();
        Assert.Equal(MetricFamily.MaxSeries + 1, samples.Count);
        Assert.Contains("paths_total{overflow=\"true\"} 50", samples);
    }

    [Fact]
    public void Gauges_OfEveryKind_ShowTheirLastValue()
    {
        var open = _meter.CreateUpDownCounter<int>("connections_open");
        open.Add(3);
        open.Add(-1);
        var limit = _meter.CreateGauge<double>("limit_ratio");
        limit.Record(0.1);
        limit.Record(double.PositiveInfinity);
        _meter.CreateGauge<long>("never_set");
        var lag = 1.5;
        _meter.CreateObservableGauge("pipeline_lag_seconds", () => lag);
        _meter.CreateObservableCounter("gc_runs", () => 7L);
        Assert.Equal(
            ["connections_open 2", "gc_runs_total 7", "limit_ratio +Inf", "pipeline_lag_seconds 1.5"],
            Samples());
        lag = 0;
        Assert.Contains("pipeline_lag_seconds 0", Samples());
    }

    [Fact]
    public void Gauge_ThatStopsReportingASeries_ForgetsIt()
    {
        var shards = new List<Measurement<long>> { new(1, new KeyValuePair<string, object?>("shard", 0)) };
        _meter.CreateObservableGauge("shard_frames", () => shards);
        Assert.Equal(["""shard_frames{shard="0"} 1"""], Samples());
        shards = [new(2, new KeyValuePair<string, object?>("shard", 1))];
        Assert.Equal(["""shard_frames{shard="1"} 2"""], Samples());
    }

    [Fact]
    public void Gauge_ThatThrows_LeavesTheOthers()
    {
        _meter.CreateObservableGauge("bad", new Func<long>(() => throw new InvalidOperationException()));
        _meter.CreateObservableGauge("good", () => 1L);
        Assert.Equal(["good 1"], Samples());
    }

    [Fact]
    public void Histogram_WithBuckets_IsCumulative()
    {
        var histogram = _meter.CreateHistogram(
            "intake_ack_seconds",
            unit: null,
            description: null,
            tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.5, 10] });
        foreach (var seconds in new[] { 0.0005, 0.00051, 0.5, 11 })
            histogram.Record(seconds);
        Assert.Equal(
            [
                """intake_ack_seconds_bucket{le="0.0005"} 1""",
                """intake_ack_seconds_bucket{le="0.5"} 3""",
                """intake_ack_seconds_bucket{le="10"} 3""",
                """intake_ack_seconds_bucket{le="+Inf"} 4""",
                "intake_ack_seconds_sum 11.50101",
                "intake_ack_seconds_count 4",
            ],
            Samples());
    }

    [Fact]
    public void Meters_OfOthers_AreNotPrinted()
    {
        using var other = new Meter("Other");
        other.CreateCounter<long>("foreign").Add(1);
        using var elsewhere = new ServiceCollection().AddMetrics().BuildServiceProvider();
        elsewhere.GetRequiredService<IMeterFactory>().Create(MetricsListener.MeterName)
            .CreateCounter<long>("neighbour").Add(1);
        Assert.DoesNotContain(Samples(), line => line.Contains("foreign") || line.Contains("neighb"));
    }

    [Fact]
    public void Recording_WithOneTag_AllocatesNothing()
    {
        var counter = _meter.CreateCounter<long>("hot");
        var seconds = _meter.CreateHistogram<double>("hot_seconds");
        var tag = new KeyValuePair<string, object?>("code", "x");
        // The runtime itself allocates now and then, as when it compiles anew: not each time.
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
                Record();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);

        void Record()
        {
            counter.Add(1, tag);
            counter.Add(1);
            seconds.Record(0.01);
            seconds.Record(0.01, tag);
        }
    }

    [Fact]
    public async Task Endpoint_Scraped_IsPrometheusText()
    {
        await using var server = await ApiServer.StartAsync(services =>
            services.AddSingleton<Meters>(), app => app.Services.GetRequiredService<Meters>().Use());
        using var answer = await server.SendAsync("/metrics");
        Assert.Equal(
            "text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("\n", text);
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        Assert.Contains("odd_name_total{some_label=\"x\"} 1", text);
    }

    [Fact]
    public async Task Collections_AfterOne_HaveRisenInEachGenerationAndInPause()
    {
        await using var server = await ApiServer.StartAsync();
        var before = await CollectionsAsync();
        GC.Collect();
        var after = await CollectionsAsync();
        Assert.Equal(
            [
                "dotnet_collection_pause_seconds_total",
                .. Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation =>
                    $$"""dotnet_collections_total{generation="{{generation}}"}"""),
            ],
            before.Keys.Order(StringComparer.Ordinal));
        Assert.All(before, sample => Assert.True(
            after[sample.Key] > sample.Value, $"{sample}, then {after[sample.Key]}"));

        async Task<Dictionary<string, double>> CollectionsAsync()
        {
            using var answer = await server.SendAsync("/metrics");
            var text = await answer.Content.ReadAsStringAsync(
                TestContext.Current.CancellationToken);
            return text.Split('\n')
                .Where(line => line.StartsWith("dotnet_collection", StringComparison.Ordinal))
                .Select(line => line.Split(' '))
                .ToDictionary(
                    parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
        }
    }

    [GeneratedRegex("""
        ^(# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .*|# TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram)|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)+\})? (\+Inf|-Inf|NaN|-?[0-9.]+(E[+-][0-9]+)?))$
        """)]
    private static partial Regex Line();

    private List<string> Samples() =>
        [.. _listener.Scrape().Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    private sealed class Meters(IMeterFactory factory)
    {
        public void Use()
        {
            var meter = factory.Create(MetricsListener.MeterName);
            meter.CreateCounter<long>("odd.name", description: "a\nb")
                .Add(1, new KeyValuePair<string, object?>("some-label", "x"));
            meter.CreateHistogram<double>("seconds").Record(1e-9);
        }
    }
}
