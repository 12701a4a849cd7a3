using System.ComponentModel;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// As many loops as it takes: one for each processor, and more where the limit of open files, which
/// is that of each ring, is less than the connections that are wanted.
/// </summary>
internal static class UringLoops
{
    private const int MostFilesOfRing = 1 << 20; // IORING_MAX_FIXED_FILES
    private const int BufferBytes = 8 << 10;     // a pipelined dozen of requests
    private const int Buffers = 128;             // of all that come in a turn of a busy loop
    private const int FewBuffers = 32;           // of loops that share their processor with others

    /// <param name="most">Connections; null for what one ring a processor holds.</param>
    /// <exception cref="Win32Exception">The system has no such rings, or bars them.</exception>
    public static ConnectionLoop[] Create(int? most, LoopFailures failures)
    {
        var limit = Sys.OpenFilesLimit();
        var filesOfRing = (int)Math.Min(limit, MostFilesOfRing);
        var processors = Environment.ProcessorCount;
        var rings = Math.Max(processors, Divide(most ?? 0, filesOfRing));
        var files = most is { } count ? Divide(count, rings) : filesOfRing;
        var sizes = new UringSizes(
            files, rings <= 2 * processors ? Buffers : FewBuffers, BufferBytes);
        var descriptors = new OpenSockets(Math.Max(1, limit - OpenSockets.KeptFree));
        var loops = new List<ConnectionLoop>();
        try
        {
            for (var i = 0; i < rings; i++)
                loops.Add(new UringLoop($"connections {i}", sizes, descriptors, failures));
            return [.. loops];
        }
        catch
        {
            loops.ForEach(loop => loop.Dispose());
            throw;
        }
    }

    private static int Divide(int all, int by) => (int)(((long)all + by - 1) / by);
}
