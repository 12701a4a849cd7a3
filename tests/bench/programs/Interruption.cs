using System.Runtime.InteropServices;

namespace TradeProcessor.Bench.Programs;

/// <summary>
/// Ctrl-C and SIGTERM: all child processes end, what waits for them fails, and what was changed is
/// put back on the way out.
/// </summary>
internal static class Interruption
{
    private static readonly CancellationTokenSource Source = new();

    public static CancellationToken Token => Source.Token;

    /// <summary>Until it is disposed, the signals go here.</summary>
    public static IDisposable Watch() => new Signals();

    /// <exception cref="OperationCanceledException">One of the signals came.</exception>
    public static void ThrowIfAsked() => Token.ThrowIfCancellationRequested();

    private static void Ask(PosixSignalContext context)
    {
        context.Cancel = !Token.IsCancellationRequested; // the second one ends it at once
        Source.Cancel();
        ChildProcess.EndAll();
    }

    private sealed class Signals : IDisposable
    {
        private readonly PosixSignalRegistration _interrupt =
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);

        private readonly PosixSignalRegistration _terminate =
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);

        public void Dispose()
        {
            _interrupt.Dispose();
            _terminate.Dispose();
            ChildProcess.EndAll();
        }
    }
}
