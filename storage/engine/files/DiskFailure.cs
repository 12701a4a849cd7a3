namespace TradeProcessor.Storage.Engine.Files;

/// <summary>What went wrong with a file, in words that say what to do.</summary>
internal static class DiskFailure
{
    private const int NoSpace = 28; // ENOSPC, which the runtime hands on as the HRESULT

    /// <param name="directory">Where the file is.</param>
    public static string Words(Exception exception, string directory) =>
        exception is IOException { HResult: NoSpace }
            ? $"No space left on the disk of {Path.GetFullPath(directory)}: free some, and it goes on by itself."
            : exception.Message;
}
