namespace TradeProcessor.Consumer.Intake;

/// <summary>The end of writers whose log may be away.</summary>
internal static class WriterDrain
{
    /// <summary>
    /// Completes with the writers; past the limit they are told to give up what they still try.
    /// </summary>
    public static async Task EndAsync(
        IEnumerable<Task> writers,
        TimeSpan limit,
        TimeProvider time,
        CancellationTokenSource givingUp)
    {
        var ended = Task.WhenAll(writers);
        try
        {
            await ended.WaitAsync(limit, time);
        }
        catch (TimeoutException) when (!ended.IsCompleted)
        {
            await givingUp.CancelAsync();
            await ended;
        }
    }
}
