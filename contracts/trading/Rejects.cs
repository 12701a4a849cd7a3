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

/// <summary>Takes refused trades. Never waits: what does not fit is counted and not kept.</summary>
public interface IRejectLog
{
    /// <summary>Counts a refused trade and keeps it in the ring.</summary>
    void Add(Reject reject);
}
