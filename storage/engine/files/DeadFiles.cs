using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// Frames that could not be counted: one file each, <c>POSITION.dead</c>, in the bytes of a
/// <see cref="DeadFrame"/>.
/// </summary>
internal sealed class DeadFiles
{
    private readonly string _directory;
    private readonly TimeProvider _time;

    public DeadFiles(string directory, TimeProvider time)
    {
        AtomicFile.DeleteLeftovers(directory);
        _directory = directory;
        _time = time;
    }

    public string PathOf(long position) => Path.Combine(_directory, $"{position}.dead");

    /// <summary>On the disk when it returns. The same position again replaces the file.</summary>
    /// <exception cref="IOException"/>
    public void Write(long position, int attempts, string reason, ReadOnlySpan<byte> frame)
    {
        var diedAtTicks = _time.GetUtcNow().UtcTicks;
        var bytes = DeadFrame.Encode(position, diedAtTicks, attempts, reason, frame);
        AtomicFile.Write(PathOf(position), stream => stream.Write(bytes));
    }
}
