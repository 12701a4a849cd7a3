using System.Runtime.InteropServices;

namespace TradeProcessor.Load;

/// <summary>
/// Ctrl-C and SIGTERM: the first stops taking new work, so that what is under way can be answered
/// and summed up; the second ends the process as if none of this were here.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    /// <summary>What is under way has this long; an answer takes a second at most.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interrupt() =>
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];

    public CancellationToken Token => _stop.Token;

    public bool IsRequested => _stop.IsCancellationRequested;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _stop.Dispose();
    }

    /// <summary>Awaits the work; cuts it when an interrupt has passed its grace.</summary>
    public async Task AwaitAsync(Task work, Action cut)
    {
        try
        {
            await work.WaitAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            if (await Task.WhenAny(work, Task.Delay(Grace)) != work)
                cut();
            await work;
        }
    }

    private void Handle(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested)
            return;
        context.Cancel = true;
        _stop.Cancel();
    }
}
