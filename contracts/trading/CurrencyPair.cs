namespace TradeProcessor.Contracts;

/// <summary>What is sold and what is bought for it, written <c>EUR/GBP</c>.</summary>
public readonly record struct CurrencyPair(AssetCode From, AssetCode To) : IComparable<CurrencyPair>
{
    /// <summary>Name of the pair and of the country of an interval's overflow cell.</summary>
    public const string OtherName = "other";

    /// <summary>Stands for all pairs that found no cell of their own in an interval.</summary>
    public static CurrencyPair Other => default;

    /// <summary>Reads <c>EUR/GBP</c> or <c>other</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CurrencyPair pair)
    {
        pair = Other;
        if (text is OtherName)
            return true;
        var slash = text.IndexOf('/');
        if (slash < 0
            || !AssetCode.TryParse(text[..slash], out var from)
            || !AssetCode.TryParse(text[(slash + 1)..], out var to))
        {
            return false;
        }
        pair = new CurrencyPair(from, to);
        return true;
    }

    public int CompareTo(CurrencyPair other)
    {
        var byFrom = From.CompareTo(other.From);
        return byFrom != 0 ? byFrom : To.CompareTo(other.To);
    }

    public override string ToString()
    {
        if (this == Other)
            return OtherName;
        Span<char> text = stackalloc char[2 * AssetCode.MaxLength + 3];
        var length = From.Format(text);
        text[length++] = '/';
        length += To.Format(text[length..]);
        return new string(text[..length]);
    }
}
