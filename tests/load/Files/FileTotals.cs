using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Files;

/// <summary>What became of the lines; one that did not get in is told as it happens.</summary>
internal sealed class FileTotals(Terminal terminal)
{
    private readonly Lock _lock = new();

    public long Accepted { get; private set; }

    public long Rejected { get; private set; }

    public long Unreadable { get; private set; }

    public long Refused { get; private set; }

    public long Unanswered { get; private set; }

    public SortedDictionary<string, long> ByCode { get; } = new(StringComparer.Ordinal);

    public long Lines => Accepted + Rejected + Unreadable + Refused + Unanswered;

    public bool IsGood => Lines == Accepted;

    public void Accept(long lines)
    {
        lock (_lock)
            Accepted += lines;
    }

    /// <summary>Rejected by the service. A line may have several errors; it counts once.</summary>
    public void Reject(long lines) => Change(() => Rejected += lines);

    public void Describe(string path, long number, string field, string code) => Change(() =>
    {
        ByCode[code] = ByCode.GetValueOrDefault(code) + 1;
        terminal.Line($"{path}:{number} {(field.Length == 0 ? "-" : field)} {code}");
    });

    public void Unread(string path, FileLine line)
    {
        Change(() => Unreadable++);
        Describe(path, line.Number, line.Field!, line.Code!);
    }

    /// <summary>Rejected too, but past what one answer lists.</summary>
    public void RejectUnlisted(LineBatch batch, int from, int lines) => Change(() => terminal.Line(
        $"{batch.Path}:{batch.NumberOf(from)}-{batch.NumberOf(batch.Count - 1)} "
        + $"{lines} more rejected, which the answer does not list"));

    /// <summary>Certainly not in the log.</summary>
    public void Refuse(LineBatch batch, string reason)
    {
        Change(() => Refused += batch.Count);
        Tell(batch, $"not taken: {reason}");
    }

    public void Unknown(LineBatch batch, string reason)
    {
        Change(() => Unanswered += batch.Count);
        Tell(batch, $"outcome unknown: {reason}");
    }

    private void Tell(LineBatch batch, string what) => Change(() => terminal.Line(
        $"{batch.Path}:{batch.NumberOf(0)}-{batch.NumberOf(batch.Count - 1)} {what}"));

    private void Change(Action change)
    {
        lock (_lock)
            change();
    }
}
