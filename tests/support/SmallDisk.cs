using System.Diagnostics;

namespace TradeProcessor.Tests.Support;

/// <summary>A file system of few megabytes, in memory. Needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SmallDisk(int mebibytes) =>
        Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", Path);

    public string Path => _directory.Path;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Leaves so little room.</summary>
    public void FillUpTo(int freeBytes)
    {
        var room = new DriveInfo(Path).AvailableFreeSpace - freeBytes;
        File.WriteAllBytes(Ballast, new byte[room]);
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", Path);
        _directory.Dispose();
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} needs root: run the tests as root.");
    }
}
