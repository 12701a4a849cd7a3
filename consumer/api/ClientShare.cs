using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Serving;

namespace TradeProcessor.Consumer.Api;

/// <summary>Keeps one address from taking more than its share of the intake.</summary>
internal sealed class ClientShare : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext>? _limiter;

    public ClientShare(IOptions<IntakeOptions> options, ClientAddress clients)
    {
        var perSecond = options.Value.ClientRequestsPerSecond;
        if (perSecond == 0)
            return;
        _limiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
            RateLimitPartition.GetTokenBucketLimiter(
                clients.NetworkOf(context),
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = perSecond,
                    TokensPerPeriod = perSecond,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                }));
    }

    /// <summary>False where the client has had its share of this second.</summary>
    public bool Allows(HttpContext context)
    {
        if (_limiter is null)
            return true;
        using var lease = _limiter.AttemptAcquire(context);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter?.Dispose();
}
