using TradeProcessor.Serving;
using TradeProcessor.Storage.Api;
using TradeProcessor.Storage.Engine;

return await ServingHost.RunAsync(
    args,
    defaultUrl: "http://127.0.0.1:8082",
    builder =>
    {
        builder.Services.AddRedisStorage();
        builder.Services.AddStorageApi();
    },
    app =>
    {
        app.MapStorageApi();
        app.PrintAddress("Storage API");
    });
