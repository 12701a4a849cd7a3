namespace TradeProcessor.Load.Sending;

/// <summary>Trades that travel in one request.</summary>
/// <param name="First">Index of the first trade.</param>
/// <param name="Count">How many follow one another.</param>
/// <param name="Due">Timestamp at which it should be sent; 0 in a closed loop.</param>
/// <param name="Attempts">How often it has been sent.</param>
/// <param name="Doubtful">A copy was sent whose outcome nobody knows.</param>
internal readonly record struct Job(
    long First, int Count, long Due, int Attempts = 0, bool Doubtful = false);
