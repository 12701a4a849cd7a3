namespace TradeProcessor.Load.Http;

/// <summary>An answer that is not HTTP/1.1, or not the kind of answer the service gives.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
