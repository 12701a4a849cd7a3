using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>What a browser asks to see. A member that is absent lets everything through.</summary>
/// <param name="Pair">Only trades of this pair, <c>EUR/GBP</c>.</param>
/// <param name="Country">Only trades from this country, <c>FR</c>.</param>
/// <param name="Focus">A pair whose own points are sent beside the others.</param>
/// <param name="User">Only this user's trades, of the newest that are kept one by one.</param>
/// <param name="Range"><c>15m</c>, which it is without, <c>24h</c> or <c>30d</c>.</param>
/// <param name="FocusCountry">A country whose own points are sent beside the others.</param>
/// <param name="Health">Whether shards, processes and findings are wanted, too.</param>
public sealed record WatchRequest(
    string? Pair = null,
    string? Country = null,
    string? Focus = null,
    string? User = null,
    string? Range = null,
    string? FocusCountry = null,
    bool Health = false);

/// <summary>A request that was understood. Browsers with equal views share each message.</summary>
internal readonly record struct View(
    CurrencyPair? Pair,
    CountryCode? Country,
    CurrencyPair? Focus,
    string? User = null,
    LiveRange Range = LiveRange.QuarterHour,
    CountryCode? FocusCountry = null,
    bool Health = false)
{
    private const int LongestUser = 64;

    public bool HasFocus => Focus is not null || FocusCountry is not null;

    /// <summary>Whether the focus is on trades beside its own.</summary>
    public bool Compares => (Pair is not null && Focus is not null && Focus != Pair)
        || (Country is not null && FocusCountry is not null && FocusCountry != Country);

    /// <summary>Whether it leaves trades out.</summary>
    public bool IsFiltered => Pair is not null || Country is not null || User is not null;

    /// <summary>Null, and why, where a member is not understood.</summary>
    public static View? Parse(WatchRequest request, out string? error)
    {
        error = null;
        var wantsHealth = request.Health;
        if (!TryPair(request.Pair, out var pair))
            error = $"There is no pair {request.Pair}: give it like EUR/GBP.";
        else if (!TryPair(request.Focus, out var focus))
            error = $"There is no pair {request.Focus} to compare with: give it like EUR/GBP.";
        else if (!TryCountry(request.Country, out var country))
            error = $"There is no country {request.Country}.";
        else if (!TryCountry(request.FocusCountry, out var focusCountry))
            error = $"There is no country {request.FocusCountry} to compare with.";
        else if (!LiveRanges.TryParse(request.Range, out var range))
            error = $"There is no time range {request.Range}: give 15m, 24h or 30d.";
        else if (request.User is "" or { Length: > LongestUser })
            error = $"A user has 1 to {LongestUser} characters.";
        else
            return new View(pair, country, focus, request.User, range, focusCountry, wantsHealth);
        return null;
    }

    /// <summary>Whether the trade is of the view, or of what it is compared with.</summary>
    public bool Shows(Trade trade)
    {
        var pair = new CurrencyPair(trade.CurrencyFrom, trade.CurrencyTo);
        var country = trade.OriginatingCountry;
        return (Pair is null || Pair == pair || Focus == pair)
            && (Country is null || Country == country || FocusCountry == country)
            && (User is null || User == trade.UserId);
    }

    private static bool TryPair(string? text, out CurrencyPair? pair)
    {
        pair = null;
        if (text is null)
            return true;
        if (!CurrencyPair.TryParse(text, out var parsed))
            return false;
        pair = parsed;
        return true;
    }

    private static bool TryCountry(string? text, out CountryCode? country)
    {
        country = null;
        if (text is null)
            return true;
        if (!CountryCode.TryParse(text, out var parsed))
            return false;
        country = parsed;
        return true;
    }
}
