using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// All that was counted up to a position of the log, taken at one instant; nothing in it changes.
/// </summary>
/// <param name="SinceTicks">Time of receipt of the first trade; 0 for none.</param>
/// <param name="Blocks">By resolution, each in ascending order.</param>
/// <param name="Trades">The ring of the newest trades, oldest first.</param>
/// <param name="Keys">
/// Idempotency keys of the log up to the position, perhaps of some frames behind it; oldest first.
/// </param>
internal sealed record StoreState(
    Guid JournalId,
    long Position,
    long LogTimeTicks,
    long SinceTicks,
    long AggregatedTotal,
    IReadOnlyList<CellBlock>[] Blocks,
    IReadOnlyList<RecordBlock> Trades,
    RejectReport Rejects,
    RememberedKey[] Keys);
