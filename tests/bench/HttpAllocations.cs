using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Consumer;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine;

namespace TradeProcessor.Bench;

/// <summary>
/// What a POST allocates in the server, over the loopback: an endpoint of Kestrel that reads the
/// body and drops it, against the consumer with its lane and its journal. The load tool sends, in a
/// process of its own.
/// </summary>
internal static class HttpAllocations
{
    private const int Connections = 64;
    private const int TradesPerBatch = 1000;
    private const int Windows = 4;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4); // past tiered compilation
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private static readonly byte[] BatchAnswer =
        """{"accepted":1000,"rejected":0,"errors":[]}"""u8.ToArray();

    public static IEnumerable<Section> Measure(string directory)
    {
        var load = Repository.BuildLoadTool();
        foreach (var tradesPerPost in (int[])[1, TradesPerBatch])
        {
            yield return new Section(
                $"Over {Connections} connections, {tradesPerPost:N0} a POST",
                "alloc B/POST",
                [
                    MeasureAsync("Kestrel, body dropped", load, tradesPerPost, () => Kestrel(_ => { },
                        app => app.MapPost("/trades", DropAsync))).GetAwaiter().GetResult(),
                    MeasureAsync("consumer and its journal", load, tradesPerPost, () => Kestrel(
                        builder =>
                        {
                            builder.Configuration["Storage:Path"] =
                                Path.Combine(directory, $"http-{tradesPerPost}");
                            _ = builder.Services.AddServing().AddSingleton(CountingLoop.Retention)
                                .AddFileStorage().AddConsumer();
                        },
                        app =>
                        {
                            _ = app.UseProblems();
                            _ = app.MapServing();
                            _ = app.MapConsumer();
                        })).GetAwaiter().GetResult(),
                ],
                "POSTs/s", "alloc B/trade");
        }
    }

    private static async Task<Row> MeasureAsync(
        string name, string loadTool, int tradesPerPost, Func<WebApplication> make)
    {
        long posts = 0;
        await using var app = make();
        _ = app.Use(next => context =>
        {
            _ = Interlocked.Increment(ref posts);
            return next(context);
        });
        // What the lane answers does not come so far.
        using var accepted = new MeterListener();
        accepted.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "trades_accepted")
                listener.EnableMeasurementEvents(instrument);
        };
        accepted.SetMeasurementEventCallback<long>((_, trades, _, _) =>
            Interlocked.Add(ref posts, trades / tradesPerPost));
        accepted.Start();
        await app.StartAsync();
        var duration = WarmUp + (Windows + 1) * Window;
        using var load = new ChildProcess("dotnet", loadTool,
            "--url", app.Urls.First(),
            "--connections", Connections.ToString(CultureInfo.InvariantCulture),
            "--batch", tradesPerPost.ToString(CultureInfo.InvariantCulture),
            "--duration", $"{duration.TotalSeconds:F0}s", "--json");
        await Task.Delay(WarmUp);
        var bytes = new List<double>();
        var rates = new List<double>();
        for (var i = 0; i < Windows; i++)
        {
            var (started, allocated, before) = (
                Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true), posts);
            await Task.Delay(Window);
            var (allocatedThen, done) = (
                GC.GetTotalAllocatedBytes(precise: true), Math.Max(1, posts - before));
            bytes.Add((allocatedThen - allocated) / (double)done);
            rates.Add(done / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        _ = await load.EndAsync(EndLimit);
        await app.StopAsync();
        return new Row(
            name,
            bytes,
            Section.Number(rates.Average()),
            Section.Number(bytes.Average() / tradesPerPost));
    }

    private static WebApplication Kestrel(
        Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure(builder);
        var app = builder.Build();
        map(app);
        return app;
    }

    private static async Task DropAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync();
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        if (context.Request.ContentType == "application/json")
        {
            context.Response.ContentLength = 0;
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.BodyWriter.Write(BatchAnswer);
    }
}
