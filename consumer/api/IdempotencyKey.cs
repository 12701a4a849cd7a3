using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Api;

/// <summary>
/// The header <c>Idempotency-Key</c>: 1–255 visible ASCII characters, bare or as a string of
/// RFC 9651 in double quotes, which names the same key.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int MaxLength = 255;

    /// <summary>False where there is more than one value, or the value is no key.</summary>
    public static bool TryParse(StringValues values, out RequestKey key)
    {
        key = default;
        Span<byte> text = stackalloc byte[MaxLength];
        if (values is not [{ Length: > 0 } value] || !TryUnquote(value, text, out var length))
            return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(text[..length], hash);
        key = RequestKey.Read(hash);
        return true;
    }

    private static bool TryUnquote(string value, Span<byte> text, out int length)
    {
        length = 0;
        var rest = value.AsSpan();
        var quoted = rest[0] == '"';
        if (quoted)
        {
            if (rest.Length < 2 || rest[^1] != '"')
                return false;
            rest = rest[1..^1];
        }
        for (; !rest.IsEmpty; rest = rest[1..])
        {
            if (quoted && rest[0] == '"')
                return false;
            if (quoted && rest[0] == '\\')
            {
                rest = rest[1..];
                if (rest.IsEmpty || rest[0] is not ('"' or '\\'))
                    return false;
            }
            if (rest[0] is < '!' or > '~' || length == text.Length)
                return false;
            text[length++] = (byte)rest[0];
        }
        return length > 0;
    }
}
