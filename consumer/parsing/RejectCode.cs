namespace TradeProcessor.Consumer.Parsing;

/// <summary>Why a field, or a whole trade of a batch, is refused.</summary>
internal enum RejectCode : byte
{
    None,
    Required,
    DuplicateField,
    WrongType,
    TooLong,
    BadCharacters,
    UnknownCurrency,
    SameCurrency,
    MustBePositive,
    OutOfRange,
    TooPrecise,
    BadTime,
    UnknownCountry,

    /// <summary>A line of a batch that is not a JSON object.</summary>
    MalformedJson,

    /// <summary>A trade of a batch that is longer than one trade may be.</summary>
    TooLarge,
}

internal static class RejectCodes
{
    public const int Count = (int)RejectCode.TooLarge + 1;

    private static readonly string[] Names =
    [
        "", "required", "duplicate_field", "wrong_type", "too_long", "bad_characters",
        "unknown_currency", "same_currency", "must_be_positive", "out_of_range", "too_precise",
        "bad_time", "unknown_country", "malformed_json", "too_large",
    ];

    public static string WireName(this RejectCode code) => Names[(int)code];
}
