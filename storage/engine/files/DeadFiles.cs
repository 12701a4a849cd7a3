using System.Globalization;
using TradeProcessor.Storage.Engine.Dead;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// Dead frames as files of the directory <c>dead</c>, named after their position in the log; the
/// name's end says what became of them:
/// <code>
/// 1027.dead               kept aside
/// 1027.5000.replaying     appended at 5000 or behind it, or not yet: see Settle
/// 1027.gone               empty: replayed or purged, so not to be counted from 1027 again
/// </code>
/// </summary>
internal sealed class DeadFiles(string storagePath)
{
    private const string Extension = ".dead";
    private const string ReplayingExtension = ".replaying";
    private const string GoneExtension = ".gone";

    private readonly string _directory = Path.Combine(storagePath, "dead");

    /// <summary>On the disk when it returns. The same position again replaces the file.</summary>
    /// <exception cref="IOException"/>
    public void Write(DeadFrame dead)
    {
        var bytes = dead.ToBytes();
        AtomicFile.Write(NameOf(dead.Position, Extension), stream => stream.Write(bytes));
    }

    /// <summary>Newest first.</summary>
    public List<(long Position, string Path)> List() => [.. Find(Extension)
        .Select(path => (Position: PositionOf(path), Path: path))
        .OrderByDescending(file => file.Position)];

    /// <summary>Positions of frames that are dead, replayed or purged: not to be counted.</summary>
    public IEnumerable<long> Positions => Find("").Select(PositionOf);

    /// <summary>Takes one for a replay, or null where another was faster.</summary>
    public string? Claim(long position, long logEnd) => TryMove(
        NameOf(position, Extension), Name(position, logEnd));

    public void Restore(string claimed) =>
        _ = TryMove(claimed, NameOf(PositionOf(claimed), Extension));

    /// <summary>Keeps no more of it than its position; false where another was faster.</summary>
    public bool Finish(string path)
    {
        var gone = NameOf(PositionOf(path), GoneExtension);
        if (TryMove(path, gone) is null)
            return false;
        using var file = new FileStream(gone, FileMode.Truncate, FileAccess.Write);
        return true;
    }

    /// <summary>
    /// Ends replays that were cut off. The log was not trimmed since, so it holds the frame behind
    /// the place that was noted, or the frame was never appended.
    /// </summary>
    public void Settle(Journal journal)
    {
        AtomicFile.DeleteLeftovers(_directory);
        foreach (var path in Find(ReplayingExtension))
        {
            var from = long.Parse(
                Path.GetFileName(path).Split('.')[1], CultureInfo.InvariantCulture);
            if (FileReplay.IsInLog(journal, from, File.ReadAllBytes(path)))
                _ = Finish(path);
            else
                Restore(path);
        }
        var begin = journal.Segments[0].BasePosition;
        foreach (var path in Find(GoneExtension).Where(path => PositionOf(path) < begin))
            File.Delete(path);
    }

    private string[] Find(string extension) => Directory.Exists(_directory)
        ? [.. Directory.EnumerateFiles(_directory, "*" + extension)
            .Where(path => !path.EndsWith(AtomicFile.TemporaryExtension, StringComparison.Ordinal))]
        : [];

    private string NameOf(long position, string extension) => Path.Combine(
        _directory, position.ToString(CultureInfo.InvariantCulture) + extension);

    private string Name(long position, long logEnd) => NameOf(
        position, string.Create(CultureInfo.InvariantCulture, $".{logEnd}{ReplayingExtension}"));

    private static long PositionOf(string path) => long.TryParse(
        Path.GetFileName(path).Split('.')[0],
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out var position) ? position : -1;

    private string? TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        FileSync.Directory(_directory);
        return to;
    }
}
