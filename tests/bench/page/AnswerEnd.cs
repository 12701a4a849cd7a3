using System.Buffers.Text;

namespace TradeProcessor.Bench.Page;

/// <summary>Where the only answer on its way ends.</summary>
internal static class AnswerEnd
{
    /// <summary>Whether the bytes are a whole HTTP answer, with a length or in chunks.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var name = "Content-Length: "u8;
        var at = bytes[..head].IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(bytes[(at + name.Length)..], out int length, out _)
            ? bytes.Length >= head + 4 + length
            : bytes.EndsWith("\r\n0\r\n\r\n"u8);
    }
}
