using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TradeProcessor.Consumer;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Lane;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Tests.Unit.Intake;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>A consumer over a log in memory, on a port of its own.</summary>
internal sealed class LaneServer : IRejectLog, IAsyncDisposable
{
    private readonly ConcurrentQueue<RejectBatch> _rejects = new();
    private WebApplication _app = null!;

    public GatedLog TradeLog { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    public TradeLane Lane => _app.Services.GetRequiredService<TradeLane>();

    public TradeIntake Intake => _app.Services.GetRequiredService<TradeIntake>();

    /// <summary>Refused trades that the reject log was told of.</summary>
    public long Rejected => _rejects.Sum(batch => batch.Total);

    public static async Task<LaneServer> StartAsync(
        bool lane = true,
        Action<IntakeOptions>? intake = null,
        Action<KestrelServerLimits>? limits = null)
    {
        var server = new LaneServer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ITradeLog>(server.TradeLog);
        builder.Services.AddSingleton<IOnceLog>(new MemoryOnceLog());
        builder.Services.AddSingleton<IRejectLog>(server);
        builder.Services.AddServing();
        builder.Services.AddConsumer();
        // Behind the consumer's own.
        builder.Services.PostConfigure<KestrelServerOptions>(
            kestrel => limits?.Invoke(kestrel.Limits));
        builder.Services.Configure<IntakeOptions>(options =>
        {
            options.Lane = lane;
            intake?.Invoke(options);
        });
        server._app = builder.Build();
        server._app.UseProblems();
        server._app.MapServing();
        server._app.MapConsumer();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public void Add(RejectBatch batch) => _rejects.Enqueue(batch);

    /// <summary>Sum over the labels of what /metrics says under the name; 0 for none.</summary>
    public double Metric(string name) =>
        _app.Services.GetRequiredService<MetricsListener>().Scrape().Split('\n')
            .Where(line => line.Split(' ', '{')[0] == name)
            .Sum(line => double.Parse(
                line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        TradeLog.Open();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
