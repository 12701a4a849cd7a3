using Microsoft.Extensions.Hosting;

namespace TradeProcessor.Consumer.Intake;

/// <summary>
/// Starts the writers and looks after them. Stops after the web server, so that all that was
/// accepted is flushed.
/// </summary>
internal sealed class IntakeService(TradeIntake intake, OnceIntake once, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan StallCheckEvery = TimeSpan.FromMilliseconds(100);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        intake.Start();
        once.Start();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(intake.StopAsync(), once.StopAsync()).WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(StallCheckEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                intake.CheckForStall();
                once.CheckForStall();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the service, not of the writers.
        }
    }
}
