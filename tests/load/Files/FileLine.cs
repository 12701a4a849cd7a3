namespace TradeProcessor.Load.Files;

/// <summary>One record of a file, or why it cannot be one.</summary>
/// <param name="Number">Line on which it starts, from 1.</param>
/// <param name="Json">The trade; valid until the next record is read.</param>
/// <param name="Field">Where it cannot be read: the field, "" for the whole record.</param>
/// <param name="Code">Where it cannot be read: why.</param>
internal readonly record struct FileLine(
    long Number, ReadOnlyMemory<byte> Json, string? Field = null, string? Code = null)
{
    public static FileLine Unreadable(long number, string field, string code) =>
        new(number, default, field, code);
}
