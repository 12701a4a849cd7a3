namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Files that exist whole or not at all: written aside, flushed, renamed.</summary>
internal static class AtomicFile
{
    public const string TemporaryExtension = ".tmp";

    public static void Write(string path, Action<FileStream> write)
    {
        var temporary = path + TemporaryExtension;
        try
        {
            using (var stream = new FileStream(
                temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush();
                FileSync.Data(stream.SafeFileHandle);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        FileSync.Directory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Deletes what a write that was cut off left behind.</summary>
    public static void DeleteLeftovers(string directory)
    {
        foreach (var path in Directory.EnumerateFiles(directory, "*" + TemporaryExtension))
            File.Delete(path);
    }
}
