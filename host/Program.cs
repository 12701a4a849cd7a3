using TradeProcessor.Consumer;
using TradeProcessor.Frontend;
using TradeProcessor.Host;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Api;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Worker;

if (args is ["rebuild", .. var rest])
    return await RebuildCommand.RunAsync(rest);
if (args is ["dead", .. var dead])
    return await DeadCommand.RunAsync(dead, hasFiles: true);
if (args is ["reset", .. var reset])
{
    var input = Console.IsInputRedirected ? null : Console.In;
    return await ResetCommand.RunAsync(reset, input, Console.Out, Console.Error);
}

return await ServingHost.RunAsync(
    args,
    defaultUrl: "http://127.0.0.1:8080",
    builder =>
    {
        // Stopped in the opposite order: the web server, intake, worker, and the store last.
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.AddWorker();
        builder.Services.AddConsumer();
        builder.Services.AddStorageApi();
        builder.Services.AddFrontend();
    },
    app =>
    {
        app.MapConsumer();
        app.MapStorageApi();
        app.MapFrontend();
        app.PrintAddress("Dashboard");
    });
