using System.Diagnostics;
using System.Globalization;

namespace TradeProcessor.Tests.Support;

/// <summary>One of the programs as a process of its own, with a client for it.</summary>
internal class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    /// <param name="assembly">Path of the program.</param>
    /// <param name="arguments">All but <c>--urls</c>, which the address gives.</param>
    public ServiceProcess(
        string assembly,
        Uri address,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        _process = new ChildProcess(
            "dotnet", [assembly, .. arguments, "--urls", address.OriginalString], environment);
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => _process.Output;

    public long ResidentBytes => _process.ResidentBytes;

    public void Kill() => _process.Kill();

    public void Terminate() => _process.Terminate();

    /// <inheritdoc cref="ChildProcess.Freeze"/>
    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    public Task<int> WaitForExitAsync(TimeSpan limit) => _process.WaitForExitAsync(limit);

    /// <summary>Waits until it says that it can do its work.</summary>
    public async Task UntilReadyAsync()
    {
        var started = Stopwatch.StartNew();
        while (!await IsReadyAsync())
        {
            if (_process.HasExited)
            {
                _ = await WaitForExitAsync(StartLimit);
                throw new InvalidOperationException($"The program ended: {Output}");
            }
            if (started.Elapsed > StartLimit)
                throw new TimeoutException($"The program is not ready: {Output}");
            await Task.Delay(20);
        }
    }

    /// <summary>False also where nobody listens.</summary>
    public Task<bool> IsReadyAsync() => AnswersAsync("/health/ready");

    /// <inheritdoc cref="IsReadyAsync"/>
    public Task<bool> IsLiveAsync() => AnswersAsync("/health/live");

    /// <summary>Sum over the labels of what /metrics says under the name; 0 for none.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var text = await Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return text.Split('\n')
            .Where(line => line.Split(' ', '{')[0] == name)
            .Sum(line => double.Parse(
                line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
