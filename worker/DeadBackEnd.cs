using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Worker;

/// <summary>The services of the command <c>dead</c>.</summary>
internal static class DeadBackEnd
{
    private const string RedisKey = "Redis:Configuration";
    private const string PathKey = "Storage:Path";

    /// <param name="hasFiles">Whether the program's own files are in the default path.</param>
    /// <exception cref="StartRefusedException">There is no back end where it is to be.</exception>
    /// <exception cref="OptionsValidationException">A section has a bad key or value.</exception>
    /// <exception cref="AggregateException">Several have.</exception>
    public static WebApplication Build(string[] settings, bool hasFiles)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = settings,
            ContentRootPath = AppContext.BaseDirectory,
        });
        _ = builder.Logging.ClearProviders();
        _ = builder.Services.AddSingleton(TimeProvider.System)
            .AddStorage(builder.Configuration)
            .AddWorker();
        var app = builder.Build();
        ServingHost.CheckSettings(settings, app);
        if (string.IsNullOrEmpty(app.Configuration[RedisKey]))
            CheckPath(app, hasFiles);
        return app;
    }

    private static void CheckPath(WebApplication app, bool hasFiles)
    {
        if (!hasFiles && string.IsNullOrEmpty(app.Configuration[PathKey]))
        {
            throw new StartRefusedException(
                $"Where are the dead frames? Give --{RedisKey} or --{PathKey}.");
        }
        var path = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.Path;
        if (!Directory.Exists(Path.Combine(path, "log")))
            throw new StartRefusedException($"{PathKey} = '{path}': there is no log in it.");
    }
}
