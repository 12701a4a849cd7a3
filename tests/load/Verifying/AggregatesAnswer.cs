using System.Text.Json;

namespace TradeProcessor.Load.Verifying;

/// <summary>Reads GET /api/aggregates; amounts as text, never as double.</summary>
internal static class AggregatesAnswer
{
    /// <returns>The points of each series added up; names are "" where not grouped by.</returns>
    /// <exception cref="JsonException">Not such an answer.</exception>
    public static Dictionary<CellName, CellSum> Parse(ReadOnlySpan<byte> body)
    {
        var cells = new Dictionary<CellName, CellSum>();
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSeries = reader.ValueTextEquals("series"u8);
            reader.Read();
            if (isSeries)
                ReadSeries(ref reader, cells);
            else
                reader.Skip();
        }

        return cells;
    }

    private static void ReadSeries(ref Utf8JsonReader reader, Dictionary<CellName, CellSum> cells)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var name = new CellName("", "");
            var sum = default(CellSum);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var member = reader.GetString();
                reader.Read();
                switch (member)
                {
                    case "pair":
                        name = name with { Pair = reader.GetString() ?? "" };
                        break;
                    case "country":
                        name = name with { Country = reader.GetString() ?? "" };
                        break;
                    case "points":
                        sum = ReadPoints(ref reader);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            cells[name] = cells.GetValueOrDefault(name) + sum;
        }
    }

    private static CellSum ReadPoints(ref Utf8JsonReader reader)
    {
        var sum = default(CellSum);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isCount = reader.ValueTextEquals("count"u8);
                var isSell = reader.ValueTextEquals("amountSell"u8);
                var isBuy = reader.ValueTextEquals("amountBuy"u8);
                reader.Read();
                if (isCount)
                    sum += new CellSum(reader.GetInt64(), 0, 0);
                else if (isSell)
                    sum += new CellSum(0, Amount.Parse(reader.ValueSpan), 0);
                else if (isBuy)
                    sum += new CellSum(0, 0, Amount.Parse(reader.ValueSpan));
                else
                    reader.Skip();
            }
        }

        return sum;
    }
}
