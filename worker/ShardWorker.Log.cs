using Microsoft.Extensions.Logging;

namespace TradeProcessor.Worker;

internal sealed partial class ShardWorker
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Shard {Shard} was not counted to its end in time; the next start goes on from there")]
        public static partial void DrainCutShort(ILogger logger, int shard);

        [LoggerMessage(2, LogLevel.Warning, "Shard {Shard} is lost: {Reason}")]
        public static partial void LeaseLost(ILogger logger, int shard, string reason);

        [LoggerMessage(3, LogLevel.Warning,
            "Shard {Shard} is counted anew from position {Position}, frame by frame: {Reason}")]
        public static partial void StartedOver(
            ILogger logger, int shard, long position, string reason);

        [LoggerMessage(4, LogLevel.Warning,
            "The frame at position {Position} of shard {Shard} failed, {Attempts} times by now: "
            + "{Reason}")]
        public static partial void FrameFailed(
            ILogger logger, int shard, long position, int attempts, string reason);

        [LoggerMessage(5, LogLevel.Error,
            "The frame at position {Position} of shard {Shard} was kept aside: {Reason}")]
        public static partial void FrameDead(
            ILogger logger, int shard, long position, string reason);

        [LoggerMessage(6, LogLevel.Error,
            "The frame at position {Position} of shard {Shard} cannot be kept aside: {Reason}")]
        public static partial void NotKept(
            ILogger logger, int shard, long position, string reason);
    }
}
