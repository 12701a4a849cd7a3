using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace TradeProcessor.Serving;

/// <summary>
/// A server that stops after a time, whatever its clients do. The services behind it stop after it
/// within the same limit: a client that never ends its request would leave them nothing of it.
/// </summary>
internal sealed class ServerDrain(IServer server, TimeSpan limit) : IServer, IAsyncDisposable
{
    public IFeatureCollection Features => server.Features;

    /// <summary>Puts it before the server that is registered.</summary>
    public static void AddTo(IServiceCollection services, TimeSpan limit)
    {
        var inner = services.Last(service => service.ServiceType == typeof(IServer));
        _ = services.Remove(inner);
        _ = services.AddSingleton<IServer>(provider => new ServerDrain(
            (IServer)ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!), limit));
    }

    public Task StartAsync<TContext>(
        IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => server.StartAsync(application, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limit);
        await server.StopAsync(late.Token);
    }

    public void Dispose() => server.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (server is IAsyncDisposable both)
            await both.DisposeAsync();
        else
            server.Dispose();
    }
}
