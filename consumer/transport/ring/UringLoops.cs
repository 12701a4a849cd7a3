using System.ComponentModel;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// A loop for each processor, and as many rings as it takes: more than one a loop where the limit
/// of open files, which is that of each ring, is less than the connections that are wanted.
/// </summary>
internal static class UringLoops
{
    private const int MostFilesOfRing = 1 << 20; // IORING_MAX_FIXED_FILES
    private const int BufferBytes = 8 << 10;     // a pipelined dozen of requests

    // What comes in a turn of a busy loop, for each of its rings. The kernel goes round in them,
    // so more than that only keeps memory from being in the processor's cache.
    private const int Buffers = 128;
    private const int BuffersOfSeveral = 32;
    private const uint Entries = 512;
    private const uint EntriesOfSeveral = 128;

    /// <param name="most">Connections; null for what one ring a processor holds.</param>
    /// <exception cref="Win32Exception">The system has no such rings, or bars them.</exception>
    public static ConnectionLoop[] Create(int? most, LoopFailures failures)
    {
        var limit = Sys.OpenFilesLimit();
        var filesOfRing = (int)Math.Min(limit, MostFilesOfRing);
        var loops = Environment.ProcessorCount;
        var rings = Math.Max(1, Divide(Divide(most ?? 0, filesOfRing), loops));
        var files = most is { } count ? Divide(count, loops * rings) : filesOfRing;
        var sizes = rings == 1
            ? new UringSizes(files, Buffers, BufferBytes, Entries)
            : new UringSizes(files, BuffersOfSeveral, BufferBytes, EntriesOfSeveral);
        var descriptors = new OpenSockets(Math.Max(1, limit - OpenSockets.KeptFree));
        var made = new List<ConnectionLoop>();
        try
        {
            for (var i = 0; i < loops; i++)
                made.Add(new UringLoop($"connections {i}", rings, sizes, descriptors, failures));
            return [.. made];
        }
        catch
        {
            made.ForEach(loop => loop.Dispose());
            throw;
        }
    }

    private static int Divide(int all, int by) => (int)(((long)all + by - 1) / by);
}
