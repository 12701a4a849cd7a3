using System.Text;

namespace TradeProcessor.Load.Files;

/// <summary>Splits one record as RFC 4180 has it: quotes around, quotes doubled within.</summary>
internal static class CsvRecord
{
    /// <returns>False where quotes do not match up.</returns>
    public static bool TrySplit(string record, List<string> fields)
    {
        fields.Clear();
        var at = 0;
        while (true)
        {
            if (at < record.Length && record[at] == '"')
            {
                if (!TryQuoted(record, ref at, out var field))
                    return false;
                fields.Add(field);
            }
            else
            {
                var comma = record.IndexOf(',', at);
                var end = comma < 0 ? record.Length : comma;
                // A quote within a bare field is how a record looks that has lost one.
                if (record.AsSpan(at, end - at).Contains('"'))
                    return false;
                fields.Add(record[at..end]);
                at = end;
            }

            if (at == record.Length)
                return true;
            if (record[at] != ',')
                return false;
            at++;
        }
    }

    private static bool TryQuoted(string record, ref int at, out string field)
    {
        var text = new StringBuilder();
        field = "";
        at++;
        while (true)
        {
            var quote = record.IndexOf('"', at);
            if (quote < 0)
                return false;
            text.Append(record, at, quote - at);
            at = quote + 1;
            if (at >= record.Length || record[at] != '"')
            {
                field = text.ToString();
                return true;
            }

            text.Append('"');
            at++;
        }
    }
}
