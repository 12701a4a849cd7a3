namespace TradeProcessor.Tests.Support;

/// <summary>The host, from beside the tests, on a free port of the loopback.</summary>
internal sealed class HostProcess : ServiceProcess
{
    // The disk is shared with others, and how fast it flushes is no subject of most tests.
    private static readonly string[] Patient = ["--Intake:StallLimit", "00:00:30"];

    private HostProcess(string[] arguments)
        : base(
            Path.Combine(AppContext.BaseDirectory, "TradeProcessor.Host.dll"),
            AddressIn(arguments),
            WithoutUrls(arguments))
    {
    }

    /// <summary>
    /// Starts it and waits until it takes trades. A <c>--urls</c> among the arguments takes the
    /// place of the free port.
    /// </summary>
    public static Task<HostProcess> StartAsync(string directory, params string[] arguments) =>
        StartAsync([.. Patient, .. arguments, "--Storage:Path", directory]);

    /// <summary>As above, with a Redis in place of files.</summary>
    public static Task<HostProcess> StartAsync(RedisProcess redis, params string[] arguments) =>
        StartAsync([.. arguments, "--Redis:Configuration", redis.Address]);

    private static async Task<HostProcess> StartAsync(string[] arguments)
    {
        var host = new HostProcess(arguments);
        try
        {
            await host.UntilReadyAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, for a start that is to fail; returns exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string directory, params string[] arguments)
    {
        await using var host = new HostProcess([.. arguments, "--Storage:Path", directory]);
        return (await host.WaitForExitAsync(TimeSpan.FromSeconds(60)), host.Output);
    }

    private static Uri AddressIn(string[] arguments)
    {
        var urls = Array.IndexOf(arguments, "--urls");
        return new Uri(urls < 0 ? $"http://127.0.0.1:{Ports.Free()}" : arguments[urls + 1]);
    }

    private static IEnumerable<string> WithoutUrls(string[] arguments)
    {
        var urls = Array.IndexOf(arguments, "--urls");
        return arguments.Where((_, i) => urls < 0 || (i != urls && i != urls + 1));
    }
}
