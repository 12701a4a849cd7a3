using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>Says once a second how this process is, out of what its metrics say.</summary>
internal sealed class ProcessReporter(
    IProcessBoard board, MetricsListener metrics, TimeProvider time) : BackgroundService
{
    private const int WindowSeconds = 10;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly DateTime _startedAt = Process.GetCurrentProcess().StartTime.ToUniversalTime();
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private long _lookedAt = time.GetTimestamp();
    private readonly Queue<long> _refused = new();
    private QuantileWindow? _ack;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                await ReportAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async ValueTask ReportAsync(CancellationToken cancellation)
    {
        try
        {
            await board.ReportAsync(Look(), cancellation);
        }
        catch (LogUnavailableException)
        {
            // Whoever reads the board sees how old the last report is.
        }
    }

    private ProcessReport Look()
    {
        var values = metrics.Read();
        var cpu = Environment.CpuUsage.TotalTime;
        var wall = time.GetElapsedTime(_lookedAt);
        var share = wall > TimeSpan.Zero ? (cpu - _cpu) / wall : 0;
        (_cpu, _lookedAt) = (cpu, time.GetTimestamp());
        return new ProcessReport(
            $"{Environment.MachineName}/{Environment.ProcessId}",
            Program,
            InfoApi.Version,
            _startedAt,
            time.GetUtcNow().UtcDateTime,
            Environment.WorkingSet,
            Math.Round(share, 3),
            values.Whole("connections_open"),
            values.Whole("intake_queue_frames"),
            AckP99(values),
            values.Whole("shards_owned"),
            values.Whole("live_viewers"),
            Refused(values),
            _ack?.Count);
    }

    private long? Refused(MetricValues values)
    {
        if (values.Whole("requests_refused") is not { } total)
            return null;
        _refused.Enqueue(total);
        return total - (_refused.Count > WindowSeconds ? _refused.Dequeue() : _refused.Peek());
    }

    private double? AckP99(MetricValues values)
    {
        if (values.Histogram("intake_ack_seconds") is not var (bounds, buckets))
            return null;
        _ack ??= new QuantileWindow(bounds, WindowSeconds);
        return _ack.Next(buckets, 0.99);
    }

    private static string Program { get; } =
        (Assembly.GetEntryAssembly()?.GetName().Name ?? "TradeProcessor.Process")
            .Split('.', 2)[^1].Replace('.', ' ').ToLowerInvariant();
}

/// <summary>Registers the reporter.</summary>
internal static class ProcessReporting
{
    /// <summary>Needs an <see cref="IProcessBoard"/>.</summary>
    public static IServiceCollection AddProcessReport(this IServiceCollection services) =>
        services.AddHostedService<ProcessReporter>();
}
