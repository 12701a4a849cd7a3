using System.Globalization;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Storage.Api.Queries;

/// <summary>
/// Reads query parameters and collects what is wrong with them, all of it. An empty value is the
/// same as none.
/// </summary>
internal sealed class QueryRules
{
    /// <summary>Rows of one answer; some 300 KB of trades.</summary>
    public const int MaxLimit = 1000;

    public const int DefaultLimit = 100;
    public const string DefaultWindow = "15m";
    public const string Intervals = "1s, 1m, 1h or 1d";
    public const string Groupings = "none, pair, country or pair,country";

    public const int MaxUserIdCharacters = 64;
    private const int ShownValueLength = 100;

    private readonly Dictionary<string, List<string>> _errors = [];

    /// <summary>The answer to parameters that are not allowed; null where all are.</summary>
    public ProblemResult? Problem => _errors.Count == 0
        ? null
        : Serving.Problem.InvalidParameters(
            _errors.ToDictionary(error => error.Key, error => error.Value.ToArray()));

    public Resolution Interval(string? text)
    {
        if (!Resolutions.TryParse(text, out var resolution))
            Refuse("interval", text, $"must be {Intervals}");
        return resolution;
    }

    public Grouping GroupBy(string? text)
    {
        switch (text)
        {
            case null or "" or "none":
                return Grouping.None;
            case "pair":
                return Grouping.Pair;
            case "country":
                return Grouping.Country;
            case "pair,country":
                return Grouping.Pair | Grouping.Country;
            default:
                Refuse("groupBy", text, $"must be {Groupings}");
                return default;
        }
    }

    public CurrencyPair? Pair(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (CurrencyPair.TryParse(text, out var pair))
            return pair;
        Refuse("pair", text, "must be two currency codes such as EUR/GBP, or other");
        return null;
    }

    public CountryCode? Country(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (CountryCode.TryParse(text, out var country))
            return country;
        Refuse("country", text, "must be an ISO 3166-1 alpha-2 code such as FR, or other");
        return null;
    }

    public string? UserId(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.EnumerateRunes().Count() > MaxUserIdCharacters)
            Refuse("userId", text, $"must be 1 to {MaxUserIdCharacters} characters");
        return text;
    }

    public int Limit(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return DefaultLimit;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= MaxLimit)
        {
            return limit;
        }
        Refuse("limit", text, $"must be a whole number from 1 to {MaxLimit}");
        return DefaultLimit;
    }

    public TimeSpan Window(string? text)
    {
        if (string.IsNullOrEmpty(text))
            text = DefaultWindow;
        if (TryParseWindow(text, out var window))
            return window;
        Refuse("window", text,
            "must be a whole number and s, m, h or d, such as 15m, from 1s to "
            + $"{RankingWindow.Longest.Days}d");
        return default;
    }

    /// <summary>Null for none.</summary>
    public DateTime? Instant(string parameter, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (InstantText.TryParse(text, out var instant))
            return instant;
        Refuse(parameter, text, "must be an ISO 8601 instant such as 2026-01-24T10:27:44Z");
        return null;
    }

    /// <param name="value">As the client sent it; null where it is missing.</param>
    /// <param name="allowed">What would be right: "must be …".</param>
    public void Refuse(string parameter, string? value, string allowed)
    {
        if (!_errors.TryGetValue(parameter, out var messages))
            _errors.Add(parameter, messages = []);
        var shown = value is { Length: > ShownValueLength }
            ? value[..ShownValueLength] + "…"
            : value;
        messages.Add(string.IsNullOrEmpty(shown)
            ? $"{parameter} is missing: {allowed}."
            : $"{parameter} = '{shown}': {allowed}.");
    }

    private static bool TryParseWindow(string text, out TimeSpan window)
    {
        window = default;
        long unit = text[^1] switch
        {
            's' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMinute,
            'h' => TimeSpan.TicksPerHour,
            'd' => TimeSpan.TicksPerDay,
            _ => 0,
        };
        if (!int.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var count)
            || unit == 0
            || count < 1
            || count > RankingWindow.Longest.Ticks / unit)
        {
            return false;
        }
        window = new TimeSpan(count * unit);
        return true;
    }
}
