namespace TradeProcessor.Bench.Programs;

/// <summary>
/// The directory that is measured: where it and those above it were missing before the run, they
/// go again at its end, unless something lies in them.
/// </summary>
internal sealed class MeasuredDirectory : IDisposable
{
    private readonly List<string> _missing = []; // from within

    public MeasuredDirectory(string path)
    {
        for (var at = Path.GetFullPath(path);
            at is not null && !Directory.Exists(at);
            at = Path.GetDirectoryName(at))
        {
            _missing.Add(at);
        }
    }

    public void Dispose()
    {
        foreach (var directory in _missing)
        {
            if (!Directory.Exists(directory))
                continue;
            if (!Directory.EnumerateFileSystemEntries(directory).Any())
                Directory.Delete(directory);
        }
    }
}
