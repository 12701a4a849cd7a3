using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>What is wrong with a trade: at most one code for each field, a byte each.</summary>
internal struct TradeErrors : IEquatable<TradeErrors>
{
    private ulong _codes;

    public readonly bool IsEmpty => _codes == 0;

    public RejectCode this[TradeField field]
    {
        readonly get => (RejectCode)(byte)(_codes >> Shift(field));
        set => _codes = (_codes & ~(0xFFUL << Shift(field))) | (ulong)value << Shift(field);
    }

    /// <summary>Number of fields with an error.</summary>
    public readonly int Count
    {
        get
        {
            var count = 0;
            for (var rest = _codes; rest != 0; rest >>= 8)
                count += (rest & 0xFF) != 0 ? 1 : 0;
            return count;
        }
    }

    /// <summary>The errors by wire names, in the order of the fields.</summary>
    public readonly FieldError[] ToFieldErrors()
    {
        var errors = new FieldError[Count];
        var at = 0;
        for (var field = TradeField.UserId; field < TradeField.Whole; field++)
        {
            if (this[field] != RejectCode.None)
                errors[at++] = new FieldError(field.WireName(), this[field].WireName());
        }
        return errors;
    }

    public readonly bool Equals(TradeErrors other) => _codes == other._codes;

    public override readonly bool Equals(object? obj) => obj is TradeErrors other && Equals(other);

    public override readonly int GetHashCode() => _codes.GetHashCode();

    public override readonly string ToString() =>
        string.Join(", ", ToFieldErrors().Select(error => $"{error.Field}: {error.Code}"));

    private static int Shift(TradeField field) => 8 * (int)field;
}
