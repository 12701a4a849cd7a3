namespace TradeProcessor.Contracts;

/// <summary>
/// A program cannot start, and its user can mend it. The message is one line: what, where, how.
/// </summary>
public sealed class StartRefusedException(string message, Exception? inner = null)
    : Exception(message, inner);
