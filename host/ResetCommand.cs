using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Worker;

namespace TradeProcessor.Host;

/// <summary>
/// <c>reset [--yes]</c>: deletes every trade, count and dead frame, in Redis where
/// <c>Redis:Configuration</c> names one, otherwise in <c>Storage:Path</c>. Pages that are open see
/// another epoch and begin anew.
/// </summary>
internal static class ResetCommand
{
    private const int NotDoneExitCode = 1;
    private const string Yes = "--yes";

    /// <param name="input">Null where nobody can be asked.</param>
    /// <returns>0 emptied; 1 not; 2 not understood, in use, or not to be opened.</returns>
    public static async Task<int> RunAsync(
        string[] args, TextReader? input, TextWriter output, TextWriter error)
    {
        string[] settings = [.. args.Where(argument => argument != Yes)];
        try
        {
            await using var app = Build(settings);
            var what = StoreReset.Where(app.Services) is { } path
                ? $"'{path}'"
                : "the Redis of Redis:Configuration";
            if (args.Length == settings.Length && !await IsWantedAsync(what, input, output, error))
                return input is null ? ServingHost.RefusedExitCode : NotDoneExitCode;
            var gone = await StoreReset.RunAsync(app.Services);
            await output.WriteLineAsync($"Emptied {what}: {gone} deleted.");
            return 0;
        }
        catch (LogUnavailableException exception)
        {
            await error.WriteLineAsync($"{exception.Message} Repeat the command.");
            return NotDoneExitCode;
        }
        catch (Exception exception) when (ServingHost.Refusals(exception) is { Count: > 0 } lines)
        {
            foreach (var line in lines.Distinct())
                await error.WriteLineAsync(line);
            return ServingHost.RefusedExitCode;
        }
    }

    private static WebApplication Build(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = settings,
            ContentRootPath = AppContext.BaseDirectory,
        });
        _ = builder.Logging.ClearProviders();
        _ = builder.Services.AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddStorage(builder.Configuration)
            .AddWorker();
        var app = builder.Build();
        ServingHost.CheckSettings(settings, app);
        return app;
    }

    private static async Task<bool> IsWantedAsync(
        string what, TextReader? input, TextWriter output, TextWriter error)
    {
        if (input is null)
        {
            await error.WriteLineAsync(
                "reset deletes all trades for good: add --yes where nobody can be asked.");
            return false;
        }
        await output.WriteAsync($"Delete all trades and counts in {what} for good? [y/N] ");
        await output.FlushAsync();
        var answer = await input.ReadLineAsync();
        if (answer?.Trim().ToUpperInvariant() is "Y" or "YES")
            return true;
        await output.WriteLineAsync("Nothing was deleted.");
        return false;
    }
}
