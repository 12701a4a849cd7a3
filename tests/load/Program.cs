using TradeProcessor.Load;
using TradeProcessor.Load.Crowd;
using TradeProcessor.Load.Files;
using TradeProcessor.Load.Holding;
using TradeProcessor.Load.Reporting;
using TradeProcessor.Load.Sending;

// Answers are short and senders never block: their continuations run on the thread that polls the
// sockets, without a hop to the pool. It is read when the first socket is made.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

return await CommandLine.RunAsync(args, async options =>
{
    var console = new Terminal(options.Json);
    using var interrupt = new Interrupt();
    try
    {
        if (options.Files.Count > 0)
            return await FileRun.RunAsync(options, console, interrupt);
        if (options.HoldPart is not null)
            return await CrowdChild.RunAsync(options);
        if (options.Hold > 0)
            return await HoldRun.RunAsync(options, console, interrupt);
        return await LoadRun.RunAsync(options, console, interrupt);
    }
    catch (UsageException e)
    {
        return CommandLine.Fail(e.Message);
    }
    catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
    {
        return CommandLine.Fail("interrupted before anything was sent");
    }
});
