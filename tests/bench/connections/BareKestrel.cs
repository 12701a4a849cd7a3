using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Bench.Connections;

/// <summary>
/// The peer: a minimal API of a few lines with default settings, which binds the trade and drops
/// it.
/// </summary>
internal static class BareKestrel
{
    public const string Name = "bare-kestrel";

    public static void Run(string url)
    {
        var builder = WebApplication.CreateBuilder();
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        _ = app.MapGet("/health/ready", () => Results.Ok());
        _ = app.MapPost("/trades", (PostedTrade _) => Results.StatusCode(202));
        app.Run(url);
    }

    private sealed record PostedTrade(
        string UserId,
        string CurrencyFrom,
        string CurrencyTo,
        decimal AmountSell,
        decimal AmountBuy,
        decimal Rate,
        string TimePlaced,
        string OriginatingCountry);
}
