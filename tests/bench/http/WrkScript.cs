using System.Globalization;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Http;

/// <summary>What wrk sends, as files in a directory of its own.</summary>
internal sealed class WrkScript : IDisposable
{
    /// <summary>The trade of the documentation.</summary>
    public const string Sample =
        """{"userId": "134256", "currencyFrom": "EUR", "currencyTo": "GBP", "amountSell": 1000, "amountBuy": 747.10, "rate": 0.7471, "timePlaced": "24-JAN-15 10:27:44", "originatingCountry": "FR"}""";

    // One line for machines: counts, microseconds.
    private const string Done =
        """

        function done(summary, latency)
          local e = summary.errors
          io.write(string.format("DONE %d %d %d %d %d\n", summary.requests, summary.duration,
            e.status, e.connect + e.read + e.write + e.timeout, latency:percentile(99)))
        end
        """;

    private readonly TemporaryDirectory _directory;

    private WrkScript(string path, Func<TemporaryDirectory, string> write)
    {
        _directory = new TemporaryDirectory(path, "wrk");
        File = _directory.Write("script.lua", write(_directory) + Done);
    }

    public string File { get; }

    /// <summary>The sample trade, so many requests in one write.</summary>
    public static WrkScript OfSample(string path, int pipeline) => new(path, _ =>
        $$"""
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.body = '{{Sample}}'
        """ + (pipeline == 1 ? "" : string.Create(CultureInfo.InvariantCulture,
        $$"""

        local burst
        function init()
          burst = string.rep(wrk.format(), {{pipeline}})
        end
        function request()
          return burst
        end
        """)));

    /// <summary>Bodies in turn.</summary>
    public static WrkScript OfBodies(
        string path, string contentType, IEnumerable<byte[]> bodies) => new(path, directory =>
    {
        var count = 0;
        foreach (var body in bodies)
            System.IO.File.WriteAllBytes(Path.Combine(directory.Path, $"{++count}.body"), body);
        return string.Create(CultureInfo.InvariantCulture,
            $$"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "{{contentType}}"
            local requests, at = {}, 0
            function init()
              for i = 1, {{count}} do
                local file = io.open("{{directory.Path}}/" .. i .. ".body", "rb")
                requests[i] = wrk.format(nil, nil, nil, file:read("*a"))
                file:close()
              end
            end
            function request()
              at = at % {{count}} + 1
              return requests[at]
            end
            """);
    });

    public void Dispose() => _directory.Dispose();
}
