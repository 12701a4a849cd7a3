using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Api;

namespace TradeProcessor.Tests.Unit.Api;

/// <summary>The storage API over a fake store, on a port of its own.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiServer(WebApplication app, FakeStore store)
    {
        _app = app;
        Store = store;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public FakeStore Store { get; }

    public HttpClient Client { get; }

    public static async Task<ApiServer> StartAsync(
        Action<IServiceCollection>? add = null, Action<WebApplication>? map = null)
    {
        var store = new FakeStore();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ITradeStore>(store);
        builder.Services.AddSingleton<IDeadLetters>(store);
        builder.Services.AddSingleton<TimeProvider>(new ManualTime(FakeStore.Now));
        builder.Services.AddServing();
        builder.Services.AddStorageApi();
        add?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseProblems();
        app.MapServing();
        app.MapStorageApi();
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ApiServer(app, store);
    }

    public async Task<string> GetAsync(string path)
    {
        using var answer = await SendAsync(path);
        Assert.Equal(200, (int)answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> SendAsync(
        string path, string? accept = null, string method = "GET")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
