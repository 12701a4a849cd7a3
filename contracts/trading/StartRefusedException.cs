namespace TradeProcessor.Contracts;

/// <summary>
/// The program cannot start, for a reason that whoever runs it can mend: a damaged journal, a
/// directory in use. The message is one line that names the thing; no stack trace is shown.
/// </summary>
public sealed class StartRefusedException(string message, Exception? inner = null)
    : Exception(message, inner);
