namespace TradeProcessor.Load;

/// <summary>
/// The run cannot start: one line that says what, where, and how to mend it. Exit code 2.
/// </summary>
internal sealed class UsageException(string message) : Exception(message);
