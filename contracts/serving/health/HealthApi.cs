using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Serving;

[Description("How the program is.")]
public sealed record HealthBody([property: Description("live or ready.")] string Status);

/// <summary>/health/live and /health/ready.</summary>
public static class HealthApi
{
    /// <summary>
    /// Adds something that must work for the program to be ready. It gets a second; the message of
    /// a <c>LogUnavailableException</c> is shown to whoever asks, of others it is only logged.
    /// </summary>
    public static IServiceCollection AddReadiness(
        this IServiceCollection services,
        string name,
        Func<IServiceProvider, CancellationToken, ValueTask> probe)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton(provider => new ReadinessProbe(
            name,
            cancellation => probe(provider, cancellation),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReadinessProbe>>()));
    }

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => TypedResults.Ok(new HealthBody("live")))
            .WithSummary("Whether the process answers at all")
            .WithName("getLive");
        endpoints.MapGet("/health/ready", ReadyAsync)
            .WithSummary("Whether the program can do its work now")
            .WithDescription("Runs every probe of the program, each for a second at most; "
                + "where trades are taken in, that is a real write to the log's back end.")
            .WithName("getReady")
            .Produces<ProblemBody>(
                StatusCodes.Status503ServiceUnavailable, ProblemBody.MediaType);
    }

    private static async Task<Results<Ok<HealthBody>, ProblemResult>> ReadyAsync(
        IEnumerable<ReadinessProbe> probes)
    {
        var runs = probes.Select(async probe => (probe.Name, Reason: await probe.RunAsync()));
        var failed = (await Task.WhenAll(runs)).Where(run => run.Reason is not null).ToList();
        if (failed.Count == 0)
            return TypedResults.Ok(new HealthBody("ready"));
        var errors = failed
            .GroupBy(run => run.Name, run => run.Reason!)
            .ToDictionary(reasons => reasons.Key, reasons => reasons.ToArray());
        var detail = string.Join("; ", failed.Select(run => $"{run.Name}: {run.Reason}"));
        return Problem.NotReady(detail, errors);
    }
}
