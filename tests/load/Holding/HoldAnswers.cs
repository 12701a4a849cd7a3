namespace TradeProcessor.Load.Holding;

/// <summary>How the one POST of each held connection was answered.</summary>
internal sealed class HoldAnswers
{
    private int _accepted;
    private int _other;
    private int _unanswered;

    public int Accepted => Volatile.Read(ref _accepted);

    public int Other => Volatile.Read(ref _other);

    public int Unanswered => Volatile.Read(ref _unanswered);

    public int Total => Accepted + Other + Unanswered;

    /// <param name="status">Status of the answer, 0 where none came.</param>
    public void Count(int status)
    {
        if (status == 202)
            Interlocked.Increment(ref _accepted);
        else if (status == 0)
            Interlocked.Increment(ref _unanswered);
        else
            Interlocked.Increment(ref _other);
    }
}
