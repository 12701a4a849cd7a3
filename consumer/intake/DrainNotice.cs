using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace TradeProcessor.Consumer.Intake;

/// <summary>
/// Keeps the consumer serving for <see cref="IntakeOptions.DrainNotice"/> after it was told to
/// stop: readiness fails meanwhile, so that a balancer sends its clients elsewhere before the
/// socket closes. All stopping services are told before the first of them, the web server, stops.
/// </summary>
internal sealed class DrainNotice(
    IHostApplicationLifetime lifetime, IOptions<IntakeOptions> options, TimeProvider time)
    : IHostedLifecycleService
{
    /// <summary>From the signal to the end of the process.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (options.Value.DrainNotice > TimeSpan.Zero)
            await Task.Delay(options.Value.DrainNotice, time, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
