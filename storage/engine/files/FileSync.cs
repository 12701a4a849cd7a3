using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Flushes to the disk, by the cheapest call of the system that promises it.</summary>
internal static partial class FileSync
{
    private const int AllocateAndExtend = 0;
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY

    /// <summary>Flushes a file's data and what is needed to find it (fdatasync).</summary>
    /// <exception cref="IOException">The flush failed: what of it is on the disk is unknown.</exception>
    public static void Data(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
        else if (DataSync(file) != 0)
            throw Failure("fdatasync");
    }

    /// <summary>
    /// Makes the file longer, with room on the disk (fallocate). False where the system or the
    /// disk does not give it.
    /// </summary>
    public static bool TryAllocate(SafeFileHandle file, long offset, long bytes) =>
        OperatingSystem.IsLinux() && Allocate(file, AllocateAndExtend, offset, bytes) == 0;

    /// <summary>Makes created, renamed and deleted names of a directory durable.</summary>
    public static void Directory(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var descriptor = Open(path, ReadOnlyDirectory);
        if (descriptor < 0)
            throw Failure($"open directory '{path}'");
        try
        {
            if (Sync(descriptor) != 0)
                throw Failure($"fsync directory '{path}'");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{what} failed: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long bytes);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
