using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>
/// Reads and copies a good user id, as <see cref="JsonText.ReadUserId"/> has it. Without escapes
/// it is copied while it is looked at.
/// </summary>
internal static unsafe class PlainUserId
{
    private const int MaxCharacters = 64;

    /// <summary>
    /// Answers the length of 1–64 visible characters and the quote behind them, or 0.
    /// </summary>
    /// <param name="text">Behind the first quote; 80 bytes can be read.</param>
    /// <param name="copy">Room for <see cref="TradeRecord.MaxUserIdBytes"/>.</param>
    /// <param name="written">Bytes of the user id, unescaped.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(byte* text, byte* end, byte* copy, out int written)
    {
        var bytes = Vector128.Load(text);
        var stops = Stops(bytes);
        bytes.Store(copy);
        written = BitOperations.TrailingZeroCount(stops);
        return written is > 0 and < 16 && text[written] == '"'
            ? written + 1
            : Longer(text, end, copy, out written);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Longer(byte* text, byte* end, byte* copy, out int written)
    {
        written = 0;
        for (; written <= MaxCharacters; written += Vector128<byte>.Count)
        {
            var bytes = Vector128.Load(text + written);
            var stops = Stops(bytes);
            bytes.Store(copy + written);
            if (stops == 0)
                continue;
            written += BitOperations.TrailingZeroCount(stops);
            if (text[written] == '"')
                return written is > 0 and <= MaxCharacters ? written + 1 : 0;
            return Wide(text, end, copy, out written);
        }
        return 0;
    }

    // Characters of up to three bytes; whatever else goes to the plain reader.
    private static int Wide(byte* text, byte* end, byte* copy, out int written)
    {
        var at = text;
        for (var count = 0; end - at >= sizeof(uint); count++)
        {
            var next = Unsafe.ReadUnaligned<uint>(at);
            int scalar, bytes;
            if ((next & 0x80) == 0)
            {
                (scalar, bytes) = ((int)next & 0x7F, 1);
                if (scalar == '"')
                {
                    written = (int)(at - text);
                    if (count == 0)
                        return 0;
                    Buffer.MemoryCopy(text, copy, TradeRecord.MaxUserIdBytes, written);
                    return written + 1;
                }
                if (scalar == '\\')
                    break;
            }
            else if ((next & 0xC0E0) == 0x80C0)
            {
                (scalar, bytes) = ((int)((next & 0x1F) << 6 | next >> 8 & 0x3F), 2);
                if (scalar < 0x80)
                    break;
            }
            else if ((next & 0xC0C0F0) == 0x8080E0)
            {
                scalar = (int)((next & 0xF) << 12 | (next >> 2 & 0xFC0) | next >> 16 & 0x3F);
                bytes = 3;
                if (scalar < 0x800)
                    break;
            }
            else
            {
                break;
            }
            if (count == MaxCharacters || !VisibleText.Contains(scalar))
                break;
            at += bytes;
        }
        return Other(text, end, copy, out written);
    }

    private static int Other(byte* text, byte* end, byte* copy, out int written)
    {
        written = 0;
        if (text >= end)
            return 0;
        var json = new JsonCursor(new ReadOnlySpan<byte>(text - 1, (int)(end - text) + 1));
        return json.TryString(out var raw, out _)
            && JsonText.ReadUserId(raw, new Span<byte>(copy, TradeRecord.MaxUserIdBytes), out written)
                == RejectCode.None
                    ? raw.Length + 1
                    : 0;
    }

    // As signed bytes, those outside of ASCII are less than the exclamation mark, too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Stops(Vector128<byte> bytes) => (
        Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)'!')).AsByte()
        | Vector128.Equals(bytes, Vector128.Create((byte)'"'))
        | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
        | Vector128.Equals(bytes, Vector128.Create((byte)0x7F))).ExtractMostSignificantBits();
}
