using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>
/// One thing that must work for the program to be ready. At most one run at a time, which all who
/// ask meanwhile share: a probe that hangs holds one task, however often it is asked for.
/// </summary>
internal sealed partial class ReadinessProbe(
    string name,
    Func<CancellationToken, ValueTask> probe,
    TimeProvider clock,
    ILogger<ReadinessProbe> logger)
{
    /// <summary>Load balancers ask every few seconds and give up after one or two.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<string?> _run = Task.FromResult<string?>(null);

    public string Name => name;

    /// <summary>Null where all is well, otherwise the reason why not.</summary>
    public async Task<string?> RunAsync()
    {
        try
        {
            return await Share().WaitAsync(Limit, clock);
        }
        catch (TimeoutException)
        {
            return $"no answer within {Limit.TotalSeconds:0} s";
        }
    }

    private Task<string?> Share()
    {
        lock (_gate)
        {
            if (_run.IsCompleted)
                _run = Task.Run(ProbeAsync);
            return _run;
        }
    }

    private async Task<string?> ProbeAsync()
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            await probe(limit.Token);
            return null;
        }
        catch (LogUnavailableException down)
        {
            return down.Message;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return $"no answer within {Limit.TotalSeconds:0} s";
        }
        catch (Exception exception)
        {
            Log.Failed(logger, name, exception);
            return "failed; the reason is in the log";
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The readiness probe of the {Name} failed")]
        public static partial void Failed(ILogger logger, string name, Exception exception);
    }
}
