using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// Empties a directory of the embedded back end. Nobody may have it open. The log goes last: until
/// then a start finds all trades again.
/// </summary>
internal static class FileReset
{
    private static readonly string[] Parts = ["snapshots", "dead", "log"];

    /// <returns>Bytes of the files that went.</returns>
    /// <exception cref="StartRefusedException">It is in use, or there is no log in it.</exception>
    public static long Run(string path)
    {
        var log = Path.Combine(path, "log");
        if (!Directory.Exists(log))
            throw new StartRefusedException($"Storage:Path = '{path}': there is no log in it.");
        using var held = Hold(path);
        var bytes = 0L;
        foreach (var part in Parts)
        {
            var directory = new DirectoryInfo(Path.Combine(path, part));
            if (!directory.Exists)
                continue;
            foreach (var file in directory.EnumerateFiles("*", SearchOption.AllDirectories))
            {
                bytes += file.Length;
                file.Delete();
            }
        }
        return bytes;
    }

    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(
                Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"Storage:Path = '{path}' is in use by another process. Stop that one first.",
                exception);
        }
    }
}
