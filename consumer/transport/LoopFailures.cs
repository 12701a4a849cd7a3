using System.Numerics;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// Counts connections that the system accepted and then refused to serve. They alone end; the log
/// tells of the 1st, 2nd, 4th, 8th, so that a flood of them does not flood it.
/// </summary>
internal sealed partial class LoopFailures(ILogger logger)
{
    private long _count;

    /// <param name="error">The system's number.</param>
    public void Count(int error)
    {
        var count = Interlocked.Increment(ref _count);
        if (BitOperations.IsPow2(count))
            Log.Refused(logger, count, error);
    }

    private static partial class Log
    {
        [LoggerMessage(
            2,
            LogLevel.Error,
            "{Count} connections were cut so far, as the system refused to serve them: error "
            + "{Error}")]
        public static partial void Refused(ILogger logger, long count, int error);
    }
}
