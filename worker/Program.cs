using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Worker;

if (args is ["dead", .. var rest])
    return await DeadCommand.RunAsync(rest, hasFiles: false);

return await ServingHost.RunAsync(
    args,
    defaultUrl: "http://127.0.0.1:8083",
    builder =>
    {
        // Stopped in the opposite order: the worker drains into what is still there.
        builder.Services.AddRedisStorage();
        builder.Services.AddRedisReadiness();
        builder.Services.AddWorker();
    },
    app => app.PrintAddress("Worker"));
