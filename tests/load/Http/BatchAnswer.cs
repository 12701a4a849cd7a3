using System.Text.Json;

namespace TradeProcessor.Load.Http;

/// <summary>One error of a batch; the index counts the batch's trades from 0.</summary>
internal readonly record struct BatchError(int Index, string Field, string Code);

/// <summary>What the service says about a batch.</summary>
internal readonly record struct BatchAnswer(
    int Accepted, int Rejected, IReadOnlyList<BatchError> Errors)
{
    /// <summary>Trades that the errors name; a trade may have several.</summary>
    public int NamedTrades => Errors.Select(error => error.Index).Distinct().Count();

    /// <summary>Reads the body of a 202 or of a 400 that carries the same members.</summary>
    /// <returns>False where the body is not about a batch.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, out BatchAnswer answer)
    {
        answer = new BatchAnswer(-1, -1, []);
        if (body.IsEmpty)
            return false;

        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                answer = ReadMember(ref reader, answer);
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }

        return answer.Accepted >= 0 && answer.Rejected >= 0;
    }

    private static BatchAnswer ReadMember(ref Utf8JsonReader reader, BatchAnswer answer)
    {
        if (reader.ValueTextEquals("accepted"u8))
        {
            reader.Read();
            return answer with { Accepted = reader.GetInt32() };
        }

        if (reader.ValueTextEquals("rejected"u8))
        {
            reader.Read();
            return answer with { Rejected = reader.GetInt32() };
        }

        var isErrors = reader.ValueTextEquals("errors"u8);
        reader.Read();
        if (isErrors && reader.TokenType == JsonTokenType.StartArray)
        {
            var errors = new List<BatchError>();
            ReadErrors(ref reader, errors);
            return answer with { Errors = errors };
        }

        reader.Skip();
        return answer;
    }

    private static void ReadErrors(ref Utf8JsonReader reader, List<BatchError> errors)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var error = new BatchError(-1, "", "");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                error = name switch
                {
                    "index" => error with { Index = reader.GetInt32() },
                    "field" => error with { Field = reader.GetString() ?? "" },
                    "code" => error with { Code = reader.GetString() ?? "" },
                    _ => error,
                };
                reader.Skip();
            }

            errors.Add(error);
        }
    }
}
