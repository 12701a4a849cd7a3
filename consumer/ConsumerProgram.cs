using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Api;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Lane;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Consumer.Transport;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Consumer;

/// <summary>What a host needs to take trades in.</summary>
public static class ConsumerProgram
{
    public static IServiceCollection AddConsumer(this IServiceCollection services)
    {
        _ = services.AddValidated<IntakeOptions>("Intake");
        _ = services.AddOptions<HttpOptions>().PostConfigure<IOptions<IntakeOptions>>(
            static (http, intake) => http.TrustedProxies =
                [.. http.TrustedProxies, .. intake.Value.TrustedProxies]);
        _ = services.AddValidated<AssetOptions>("Assets");
        _ = Connections.AddTo(services);
        _ = services.AddSingleton(provider => new TradeParser(new AssetTable(
            provider.GetRequiredService<IOptions<AssetOptions>>().Value.Extra
                .Select(code => AssetCode.Parse(code)))));
        _ = services.AddSingleton(provider => Limits(Options(provider)));
        _ = services.AddSingleton<TradeBodyReader>();
        _ = services.AddSingleton<TradeIntake>();
        _ = services.AddSingleton<OnceIntake>();
        _ = services.AddSingleton<IntakeMetrics>();
        _ = services.AddSingleton<RejectReporter>();
        _ = services.AddSingleton<KeyedTrades>();
        _ = services.AddSingleton<ClientShare>();
        _ = services.AddSingleton<TradesEndpoint>();
        _ = services.AddHostedService<IntakeService>();
        _ = services.AddSingleton<DrainNotice>();
        _ = services.AddHostedService(
            static provider => provider.GetRequiredService<DrainNotice>());
        _ = services.AddOptions<HostOptions>()
            .PostConfigure<IOptions<IntakeOptions>>(static (host, intake) => AllowFor(intake, host));
        _ = services.AddSingleton<OpenConnections>();
        _ = services.AddSingleton<LaneServices>();
        _ = services.AddSingleton<TradeLane>();
        _ = services.AddSingleton<IFirstService>(static provider => HasLane(provider)
            && provider.GetRequiredService<IOptions<KestrelServerOptions>>().Value
                .Limits.MaxConcurrentConnections is null
                ? provider.GetRequiredService<TradeLane>()
                : new NoFirstService());
        _ = services.AddSingleton<Func<IFirstService>>(
            static provider => provider.GetRequiredService<IFirstService>);
        _ = services.AddOptions<KestrelServerOptions>().Configure<IServiceProvider>(
            static (kestrel, provider) =>
            {
                // The endpoint has limits of its own, and says which one was passed.
                kestrel.Limits.MaxRequestBodySize = null;
                var connections = provider.GetRequiredService<OpenConnections>();
                kestrel.ConfigureEndpointDefaults(listen =>
                {
                    listen.Use(connections.Before);
                    if (HasLane(provider))
                        listen.Use(next => provider.GetRequiredService<TradeLane>().Before(next));
                });
            });
        return services
            .AddReadiness("intake", static (provider, cancellation) =>
            {
                // Not the last append's failure: where nobody is sent here any more, no append
                // would ever clear it.
                var failure = provider.GetRequiredService<DrainNotice>().IsStopping
                    ? "The program is stopping."
                    : provider.GetRequiredService<TradeIntake>().Stall
                        ?? provider.GetRequiredService<OnceIntake>().Stall;
                return failure is null
                    ? provider.GetRequiredService<ITradeLog>().ProbeAsync(cancellation)
                    : throw new LogUnavailableException(failure);
            })
            .AddInfo(static (provider, info) =>
            {
                var options = Options(provider);
                info.Durability = provider.GetRequiredService<ITradeLog>().Durability;
                info.Transport = provider.GetRequiredService<LoopTransport>().Carrier;
                info.Limit("intakeTradeBytes", options.MaxTradeBytes);
                info.Limit("intakeBatchBytes", options.MaxBatchBytes);
                info.Limit("intakeQueueRequests", options.ChannelCapacity);
                info.Limit("intakePendingBytes", options.MaxPendingBytes);
            });
    }

    public static IEndpointRouteBuilder MapConsumer(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<TradesEndpoint>();
        _ = routes.MapPost("/trades", endpoint.HandleAsync)
            .WithTags("Trades")
            .WithName("postTrades")
            .WithSummary("Take one trade, or many")
            .WithDescription("One trade or an array as application/json, or one trade a line as "
                + "application/x-ndjson. 202 means that the trades are in the log at the "
                + "durability that /info names. With an Idempotency-Key, a request that is sent "
                + "again within 24 hours gets the same answer and is logged once.");
        return routes;
    }

    private static void AllowFor(IOptions<IntakeOptions> intake, HostOptions host)
    {
        try
        {
            host.ShutdownTimeout += intake.Value.DrainNotice;
        }
        catch (OptionsValidationException)
        {
            // The host asks for its options first; the start is refused with all bad keys later.
        }
    }

    // What is decided by address or host stays with the endpoint, which alone knows them.
    private static bool HasLane(IServiceProvider provider) =>
        Options(provider) is { Lane: true, ClientRequestsPerSecond: 0 }
        && provider.GetRequiredService<IConfiguration>()["AllowedHosts"] is null or "" or "*";

    private static IntakeOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<IntakeOptions>>().Value;

    private static BodyLimits Limits(IntakeOptions options) => new(
        options.MaxTradeBytes, (int)options.MaxBatchBytes, options.MaxTradeBytes);
}
