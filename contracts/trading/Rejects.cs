namespace TradeProcessor.Contracts;

/// <summary>Why a field was refused. Both are wire names: "currencyTo", "unknown_currency".</summary>
public readonly record struct FieldError(string Field, string Code);

/// <summary>A refused trade.</summary>
/// <param name="Body">The first <see cref="MaxBodyBytes"/> bytes of it, as text.</param>
public sealed record Reject(DateTime At, IReadOnlyList<FieldError> Errors, string Body)
{
    public const int MaxBodyBytes = 512;
}

/// <param name="ByCode">One count for each error code; a trade with two codes is in both.</param>
/// <param name="Recent">Newest first.</param>
public sealed record RejectReport(
    long Total, IReadOnlyDictionary<string, long> ByCode, IReadOnlyList<Reject> Recent);

/// <summary>The refused trades of one request.</summary>
/// <param name="Total">How many.</param>
/// <param name="ByCode">How many have a code.</param>
/// <param name="Kept">The first of them, with their text.</param>
public sealed record RejectBatch(
    long Total, IReadOnlyList<KeyValuePair<string, long>> ByCode, IReadOnlyList<Reject> Kept);

/// <summary>Takes refused trades. Never waits.</summary>
public interface IRejectLog
{
    /// <summary>Counts refused trades and keeps the newest in a ring.</summary>
    void Add(RejectBatch batch);
}
