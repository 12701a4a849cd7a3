using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// Lends out the stream below a request's WebSocket: an update that was written once for all goes
/// straight into it, past the copies and queues that a hub has for each connection.
/// </summary>
internal sealed class FrameUpgrade(IHttpUpgradeFeature inner, IFeatureCollection features)
    : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync()
    {
        var stream = new FrameStream(await inner.UpgradeAsync());
        features.Set(stream);
        return stream;
    }

    /// <summary>
    /// Null where the connection is none that was upgraded: a hub also has other transports.
    /// </summary>
    public static FrameStream? StreamOf(HttpContext? context) =>
        context?.Features.Get<FrameStream>();

    public static void Use(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is not { } next)
            return;
        endpoint.RequestDelegate = context =>
        {
            var features = context.Features;
            if (features.Get<IHttpUpgradeFeature>() is { } upgrade)
                features.Set<IHttpUpgradeFeature>(new FrameUpgrade(upgrade, features));
            return next(context);
        };
    }
}
