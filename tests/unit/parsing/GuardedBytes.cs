using System.Runtime.InteropServices;

namespace TradeProcessor.Tests.Unit.Parsing;

/// <summary>
/// Memory that ends where a page ends; the next page may not be touched. Whoever reads one byte
/// too many ends the test run.
/// </summary>
internal sealed unsafe partial class GuardedBytes : IDisposable
{
    private const int PageBytes = 4096;
    private const int Pages = 4;
    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* _memory;

    public GuardedBytes()
    {
        _memory = (byte*)Map(null, (Pages + 1) * PageBytes, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, (nint)_memory);
        Assert.Equal(0, Protect(_memory + Pages * PageBytes, PageBytes, NoAccess));
    }

    /// <summary>Puts the bytes against the end; valid until the next call.</summary>
    public ReadOnlySpan<byte> Hold(ReadOnlySpan<byte> bytes)
    {
        var span = new Span<byte>(_memory + Pages * PageBytes - bytes.Length, bytes.Length);
        bytes.CopyTo(span);
        return span;
    }

    public void Dispose() => _ = Unmap(_memory, (Pages + 1) * PageBytes);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(
        void* address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nint length);
}
