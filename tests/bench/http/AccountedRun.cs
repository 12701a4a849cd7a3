using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Http;

/// <summary>wrk against the host: what wrk saw is what was logged.</summary>
internal static class AccountedRun
{
    /// <param name="pipeline">Requests in flight on a connection.</param>
    /// <exception cref="InvalidOperationException">The accounts differ.</exception>
    public static async Task<WrkResult> OfAsync(
        HostServer host, WrkScript script, int connections, int pipeline, int seconds)
    {
        await host.UntilAloneAsync();
        var before = await host.SettleAsync();
        var result = await WrkRun.RunAsync(
            host.Trades, host.Process, script, connections, seconds);
        await host.UntilAloneAsync();
        var accepted = await host.SettleAsync() - before;
        var answered = result.Requests - result.Refused;
        // At its end at most one burst a connection is under way.
        return accepted >= answered && accepted <= answered + connections * pipeline
            ? result
            : throw new InvalidOperationException(
                $"wrk has seen {answered} times 202 and {result.Refused} refusals, the host has "
                + $"accepted {accepted} trades; {result.Broken} connections or answers failed.");
    }
}
