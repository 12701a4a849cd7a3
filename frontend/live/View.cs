using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>What a browser asks to see. A member that is absent lets everything through.</summary>
/// <param name="Pair">Only trades of this pair, <c>EUR/GBP</c>.</param>
/// <param name="Country">Only trades from this country, <c>FR</c>.</param>
/// <param name="Focus">A pair whose own points are sent beside the others.</param>
public sealed record WatchRequest(string? Pair = null, string? Country = null, string? Focus = null);

/// <summary>A request that was understood. Browsers with equal views share each message.</summary>
internal readonly record struct View(CurrencyPair? Pair, CountryCode? Country, CurrencyPair? Focus)
{
    /// <summary>Null, and why, where a member is not a code.</summary>
    public static View? Parse(WatchRequest request, out string? error)
    {
        error = null;
        if (!TryPair(request.Pair, out var pair))
            error = $"pair '{request.Pair}' is not like EUR/GBP.";
        else if (!TryPair(request.Focus, out var focus))
            error = $"focus '{request.Focus}' is not like EUR/GBP.";
        else if (request.Country is null)
            return new View(pair, null, focus);
        else if (CountryCode.TryParse(request.Country, out var country))
            return new View(pair, country, focus);
        else
            error = $"country '{request.Country}' is not an ISO 3166-1 alpha-2 code.";
        return null;
    }

    public bool Shows(Trade trade) =>
        (Pair is not { } pair || pair == new CurrencyPair(trade.CurrencyFrom, trade.CurrencyTo))
        && (Country is not { } country || country == trade.OriginatingCountry);

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
}
