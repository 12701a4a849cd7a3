namespace TradeProcessor.Storage.Engine.Files;

/// <param name="SegmentBytes">A segment is closed once it holds so much.</param>
/// <param name="RetryInterval">Least time between two tries to mend a journal that failed.</param>
internal sealed record JournalOptions(string Directory, long SegmentBytes, TimeSpan RetryInterval);
