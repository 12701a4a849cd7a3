using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>
/// Runs a program from its arguments to its exit code. What whoever starts it can mend, a bad key,
/// an address in use, a damaged journal, ends it with one line on stderr and without a stack trace.
/// </summary>
public static partial class ServingHost
{
    public const int RefusedExitCode = 2;

    /// <summary>
    /// A drain is over within 10 s: 8 for the services, the rest for the process.
    /// </summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(8);

    // Of them for requests that are under way.
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(4);

    private const string KestrelSource = "Microsoft.AspNetCore.Server.Kestrel.Core";
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <param name="defaultUrl">Where to listen when the configuration does not say.</param>
    /// <param name="configure">The program's AddX.</param>
    /// <param name="map">Its MapX; health, info, metrics and problem answers are there.</param>
    /// <param name="error">Takes the lines that say why not; stderr by default.</param>
    /// <returns>0 after an orderly end, 1 after a failed service, 2 for no start.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        string defaultUrl,
        Action<WebApplicationBuilder> configure,
        Action<WebApplication> map,
        TextWriter? error = null)
    {
        try
        {
            await using var app = Build(args, defaultUrl, configure);
            CheckSettings(args, app);
            app.UseProblems();
            app.MapServing();
            map(app);
            await RunAsync(app);
            return ExitCode(app);
        }
        catch (Exception exception) when (Refusals(exception) is { Count: > 0 } lines)
        {
            foreach (var line in lines.Distinct())
                await (error ?? Console.Error).WriteLineAsync(line);
            return RefusedExitCode;
        }
    }

    /// <summary>Tells whoever started it where to look.</summary>
    /// <param name="what">What answers there: <c>Dashboard</c>.</param>
    public static void PrintAddress(this WebApplication app, string what) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var server = app.Services.GetRequiredService<IServer>();
            foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
                Console.WriteLine($"{what}: {address}");
        });

    /// <summary>A mistyped key must not be as good as none.</summary>
    /// <exception cref="StartRefusedException">
    /// Names the first argument that is no setting, or the first unknown section.
    /// </exception>
    /// <exception cref="OptionsValidationException">A section has a bad key or value.</exception>
    /// <exception cref="AggregateException">Several have.</exception>
    public static void CheckSettings(string[] args, WebApplication app)
    {
        ArgumentSyntax.Check(args);
        KnownSections.Check(args, (IConfigurationRoot)app.Configuration, app.Services);
        // All sections before any service is made, so that all bad keys are listed.
        app.Services.GetService<IStartupValidator>()?.Validate();
    }

    private static async Task RunAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException)
            when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped while it started, by a signal or by a service that failed.
            await app.StopAsync();
        }
    }

    private static WebApplication Build(
        string[] args, string defaultUrl, Action<WebApplicationBuilder> configure)
    {
        var builder = CreateBuilder(args);
        // Below every other source: no log line for each request, unless one asks for it.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                new("Logging:LogLevel:Default", nameof(LogLevel.Information)),
                new("Logging:LogLevel:Microsoft.AspNetCore", nameof(LogLevel.Warning)),
                new("Logging:LogLevel:Microsoft.Hosting.Lifetime", nameof(LogLevel.Warning)),
            ],
        });
        var isStarted = false;
        // The host logs why it did not start with a stack trace: not before it has started.
        builder.Logging.AddFilter(
            HostCategory, level => level >= LogLevel.Information && Volatile.Read(ref isStarted));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        CheckUrls(builder.Configuration[WebHostDefaults.ServerUrlsKey]);
        if (!HasUrls(builder.Configuration))
            builder.WebHost.UseUrls(defaultUrl);
        builder.Services.AddServing();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainLimit);
        configure(builder);
        // What has a board to report to, and so a back end.
        if (builder.Services.Any(service => service.ServiceType == typeof(IProcessBoard)))
            builder.Services.AddProcessReport();
        ServerDrain.AddTo(builder.Services, RequestLimit);
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => Volatile.Write(ref isStarted, true));
        return app;
    }

    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        try
        {
            // Settings stand beside the program; data paths are relative to where it was started.
            return WebApplication.CreateBuilder(new WebApplicationOptions
            {
                Args = args,
                ContentRootPath = AppContext.BaseDirectory,
            });
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            throw new StartRefusedException(exception.Message, exception);
        }
    }

    private static void CheckUrls(string? urls)
    {
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                var address = BindingAddress.Parse(url);
                if (address.Port > IPEndPoint.MaxPort)
                    throw new FormatException($"There is no port {address.Port}.");
            }
            catch (FormatException exception)
            {
                throw new StartRefusedException(
                    $"urls = '{url}': must be an address such as http://127.0.0.1:8080", exception);
            }
        }
    }

    private static bool HasUrls(ConfigurationManager configuration) =>
        !string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey])
        || !string.IsNullOrEmpty(configuration[WebHostDefaults.HttpPortsKey])
        || !string.IsNullOrEmpty(configuration[WebHostDefaults.HttpsPortsKey])
        || configuration.GetSection("Kestrel:Endpoints").Exists();

    private static int ExitCode(WebApplication app)
    {
        var failures = app.Services.GetServices<IHostedService>()
            .OfType<BackgroundService>()
            .Select(service => service.ExecuteTask?.Exception)
            .OfType<Exception>()
            .ToList();
        if (failures.SelectMany(Refusals).Any())
            throw new AggregateException(failures);
        // After the start, the host itself has logged it.
        if (failures.Count > 0 && !app.Lifetime.ApplicationStarted.IsCancellationRequested)
            Log.FailedAtStart(app.Logger, new AggregateException(failures));
        return failures.Count > 0 ? 1 : 0;
    }

    /// <summary>
    /// What whoever started it can mend, a line each. Empty for what is a fault of the program: that
    /// one deserves its stack trace.
    /// </summary>
    public static IReadOnlyList<string> Refusals(Exception exception) => exception switch
    {
        OptionsValidationException options => [.. options.Failures],
        StartRefusedException refused => [refused.Message],
        AggregateException many => [.. many.InnerExceptions.SelectMany(Refusals)],
        IOException { InnerException: AddressInUseException } used => [used.Message],
        SocketException
        {
            SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AccessDenied,
        } socket => [$"urls: cannot listen: {socket.Message}"],
        // An address that Kestrel cannot serve: https without a certificate.
        InvalidOperationException { Source: KestrelSource } kestrel =>
            [$"urls: {kestrel.Message.Split('\n')[0].Trim()}"],
        { InnerException: { } inner } => Refusals(inner),
        _ => [],
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "A background service failed at the start")]
        public static partial void FailedAtStart(ILogger logger, Exception exception);
    }
}
