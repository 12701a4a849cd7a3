using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Words for a journal that must not be used as it is.</summary>
internal static class JournalDamage
{
    public static StartRefusedException At(string path, long offset, string what) => new(
        $"The journal is damaged: {path}, offset {offset}: {what}. Nothing was changed. "
        + "Restore this file from a copy, or move the data directory away to begin anew.");
}
