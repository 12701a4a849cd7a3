using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>The journal as consumers see it: one shard; an append returns when it is flushed.</summary>
internal sealed class FileTradeLog(FileBackEnd backEnd, StorageOptions options) : ITradeLog
{
    // As much as an ordinary frame of a batch: a disk that has less left is as good as full.
    private static readonly byte[] Probe = new byte[64 << 10];

    public int ShardCount => 1;

    public int FramePayloadBytes => TradeFrame.MaxPayloadBytes;

    public Durability? Durability => Contracts.Durability.Disk;

    public ValueTask AppendAsync(
        int shard, ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        if (TradeFrame.ReadHeader(frame.Span, out var header) != FrameStatus.Whole)
            throw new ArgumentException("The frame is not sealed.", nameof(frame));
        backEnd.Append(frame.Span, header.ReceivedAtTicks);
        return ValueTask.CompletedTask;
    }

    public ValueTask ProbeAsync(CancellationToken cancellation)
    {
        backEnd.Journal.EnsureOpen();
        var path = Path.Combine(options.Path, "log", "probe");
        try
        {
            using var file = File.OpenHandle(
                path,
                FileMode.Create,
                FileAccess.Write,
                FileShare.None,
                FileOptions.DeleteOnClose);
            RandomAccess.Write(file, Probe, 0);
            FileSync.Data(file);
            return ValueTask.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LogUnavailableException(
                $"The log's directory cannot be written: {exception.Message}", exception);
        }
    }
}
