using System.Globalization;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// The snapshots of a directory: the two newest to start from, and a few older ones from which
/// the log can be aggregated anew once its beginning is gone.
/// </summary>
internal sealed partial class SnapshotCatalog(string directory, ILogger logger)
{
    private const string Prefix = "cells-";
    private const string Extension = ".snapshot";

    /// <summary>Positions in ascending order.</summary>
    public List<long> Positions => [.. Directory.EnumerateFiles(directory, Prefix + "*" + Extension)
        .Select(PositionOf)
        .Order()];

    public string PathOf(long position) => Path.Combine(
        directory, Prefix + position.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    public void Write(StoreState state) => SnapshotFile.Write(PathOf(state.Position), state);

    /// <summary>The newest one that is whole; null for none. Damaged ones are passed over.</summary>
    public StoreState? ReadNewest()
    {
        foreach (var position in Enumerable.Reverse(Positions))
        {
            if (TryRead(position) is { } state)
                return state;
        }
        return null;
    }

    /// <summary>The oldest whole one at or after a position; null for none.</summary>
    public StoreState? ReadOldest(long fromPosition)
    {
        foreach (var position in Positions.Where(position => position >= fromPosition))
        {
            if (TryRead(position) is { } state)
                return state;
        }
        return null;
    }

    public void Delete(IEnumerable<long> positions)
    {
        foreach (var position in positions)
            File.Delete(PathOf(position));
    }

    private StoreState? TryRead(long position)
    {
        try
        {
            return SnapshotFile.Read(PathOf(position));
        }
        catch (InvalidDataException exception)
        {
            Log.Damaged(logger, PathOf(position), exception.Message);
            return null;
        }
    }

    private static long PositionOf(string path) => long.Parse(
        Path.GetFileNameWithoutExtension(path.AsSpan())[Prefix.Length..],
        CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Snapshot {Path} is passed over: {Reason}")]
        public static partial void Damaged(ILogger logger, string path, string reason);
    }
}
