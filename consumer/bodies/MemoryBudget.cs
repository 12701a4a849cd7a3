namespace TradeProcessor.Consumer.Bodies;

/// <summary>
/// Bytes that all requests together may hold in records, from parsing until they are logged.
/// </summary>
internal sealed class MemoryBudget(long limitBytes)
{
    private long _takenBytes;

    public static MemoryBudget Unlimited { get; } = new(long.MaxValue);

    public long TakenBytes => Interlocked.Read(ref _takenBytes);

    /// <exception cref="BudgetSpentException">The limit would be passed.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _takenBytes, bytes) <= limitBytes)
            return;
        Give(bytes);
        throw new BudgetSpentException();
    }

    public void Give(long bytes) => Interlocked.Add(ref _takenBytes, -bytes);
}

/// <summary>Too many trades are held in memory; they must be logged first.</summary>
internal sealed class BudgetSpentException() : Exception(Reason)
{
    public const string Reason = "Too many trades are held in memory until they are logged.";
}
