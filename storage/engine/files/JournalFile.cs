using Microsoft.Win32.SafeHandles;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// The calls by which the journal's last segment is written. Overridden by tests that let a disk
/// fail.
/// </summary>
internal class JournalFile : IDisposable
{
    private readonly SafeFileHandle _file;

    public JournalFile(string path) => _file = File.OpenHandle(
        path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public SafeFileHandle Handle => _file;

    public virtual void Write(ReadOnlySpan<byte> bytes, long offset) =>
        RandomAccess.Write(_file, bytes, offset);

    /// <summary>
    /// Makes room for bytes to come, as zeros; nothing where that is not possible. A flush of
    /// allocated room writes the data alone; one that makes the file longer also writes its
    /// length, which takes three times as long (bench "append").
    /// </summary>
    public virtual bool TryAllocate(long offset, long bytes) => FileSync.TryAllocate(_file, offset, bytes);

    public virtual void Sync() => FileSync.Data(_file);

    public virtual void Truncate(long length) => RandomAccess.SetLength(_file, length);

    public void Dispose() => _file.Dispose();
}
