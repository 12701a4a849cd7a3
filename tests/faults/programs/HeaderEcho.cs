using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>Answers every request with its headers, small name to values.</summary>
internal sealed class HeaderEcho : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HeaderEcho(WebApplication app, Uri address) => (_app, Address) = (app, address);

    public Uri Address { get; }

    public static async Task<HeaderEcho> StartAsync()
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseUrls(address.OriginalString);
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(JsonSerializer.Serialize(
            context.Request.Headers.ToDictionary(
                header => header.Key.ToLowerInvariant(), header => header.Value.ToArray()))));
        await app.StartAsync();
        return new HeaderEcho(app, address);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
