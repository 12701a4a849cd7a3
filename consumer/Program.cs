using TradeProcessor.Consumer;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine;

return await ServingHost.RunAsync(
    args,
    defaultUrl: "http://127.0.0.1:8081",
    builder =>
    {
        builder.Services.AddRedisStorage();
        builder.Services.AddConsumer();
    },
    app =>
    {
        app.MapConsumer();
        app.PrintAddress("Consumer");
    });
