using TradeProcessor.Frontend;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine;

return await ServingHost.RunAsync(
    args,
    defaultUrl: "http://127.0.0.1:8080",
    builder =>
    {
        builder.Services.AddRedisStorage();
        builder.Services.AddFrontend();
    },
    app =>
    {
        app.MapFrontend();
        app.PrintAddress("Dashboard");
    });
