using System.Text;
using System.Text.Json;

namespace TradeProcessor.Load.Reporting;

/// <summary>One JSON object on one line.</summary>
internal static class JsonText
{
    public static string Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
