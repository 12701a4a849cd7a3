using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>
/// A request's head by RFC 9112 and 9110, plainly: null where a strict reader refuses it.
/// </summary>
internal sealed partial record ReferenceHead(
    string Method, string Target, string Version, ILookup<string, string> Fields, int Length)
{
    public static ReferenceHead? Read(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return null;
        var lines = Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
        var request = RequestLine().Match(lines[0]);
        var fields = lines[1..].Select(line => FieldLine().Match(line)).ToList();
        if (!request.Success || fields.Any(field => !field.Success))
            return null;
        return new ReferenceHead(
            request.Groups[1].Value,
            request.Groups[2].Value,
            request.Groups[3].Value,
            fields.ToLookup(
                field => field.Groups[1].Value.ToLowerInvariant(),
                field => field.Groups[2].Value.Trim(' ', '\t')),
            end + 4);
    }

    /// <summary>Null where it does not say, or not clearly.</summary>
    public int? BodyLength =>
        !Fields["transfer-encoding"].Any()
        && Only("content-length") is { } text
        && text.All(char.IsAsciiDigit)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : null;

    public bool HasHost => Only("host") is { } host && HostAndPort().IsMatch(host);

    /// <summary>Null for several, or one that is none.</summary>
    public MediaTypeHeaderValue? MediaType =>
        MediaTypeHeaderValue.TryParse(Only("content-type"), out var type) ? type : null;

    private string? Only(string name) => Fields[name].Count() == 1 ? Fields[name].Single() : null;

    // $ would also match before a line feed at the end.
    [GeneratedRegex(@"\A([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/([0-9]\.[0-9])\z")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\A([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~\u0080-\u00ff]*)\z")]
    private static partial Regex FieldLine();

    [GeneratedRegex(@"\A[0-9A-Za-z._~!$&'()*+,;=%-]+(:[0-9]*)?\z")]
    private static partial Regex HostAndPort();
}
