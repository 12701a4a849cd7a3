using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TradeProcessor.Load.Crowd;

namespace TradeProcessor.Load;

/// <summary>The command line's options and how they become <see cref="LoadOptions"/>.</summary>
internal sealed class OptionSet
{
    private const int MaxConnections = 2_000_000;
    private const int MaxPipeline = 1_024;

    // 8 MiB, the service's limit of a batch, in generated trades.
    private const int MaxBatch = 40_000;

    private readonly Option<string> _url = new("--url")
    {
        Description = "The service.",
        DefaultValueFactory = _ => "http://127.0.0.1:8080",
    };

    private readonly Option<string?> _readUrl = new("--read-url")
    {
        Description = "The storage API for --verify, where it is not at --url.",
    };

    private readonly Option<long?> _count = new("--count")
    {
        Description = "Trades to send. Default 100000 without --duration.",
    };

    private readonly Option<TimeSpan?> _duration =
        Time("--duration", "Send for this long, as 60s.");

    private readonly Option<int?> _connections = new("--connections")
    {
        Description = "Keep-alive connections. Default 256, with --file 8.",
    };

    private readonly Option<int?> _batch = new("--batch")
    {
        Description = "Trades a POST, as NDJSON; 1, the default, is a single JSON trade. With "
            + "--file 100, which is also the most.",
    };

    private readonly Option<int> _pipeline = new("--pipeline")
    {
        Description = "Requests written ahead on a connection (HTTP/1.1 pipelining).",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<double> _rate = new("--rate")
    {
        Description = "Trades a second at constant arrival; latency then counts from the intended "
            + "send. Without it, each connection sends when it has been answered.",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Trade i of a run depends on the seed and i alone.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _retry = new("--retry")
    {
        Description = "Send again what was cut unanswered: at least once instead of at most once.",
    };

    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "Wait until the storage API agrees with what was acknowledged.",
    };

    private readonly Option<TimeSpan?> _verifyTimeout =
        Time("--verify-timeout", "How long --verify waits. Default 60s.");

    private readonly Option<TimeSpan?> _timeout =
        Time("--timeout", "Cut a connection whose answer takes longer. Default 30s.");

    private readonly Option<string[]> _headers = new("--header")
    {
        Description = "A header of every POST, as \"X-Api-Key: …\".",
    };

    private readonly Option<string[]> _files = new("--file")
    {
        Description = "Send files: NDJSON, or CSV with a header; gzip is recognized.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _hold = new("--hold")
    {
        Description = "Open that many connections, one POST each, and hold them.",
    };

    private readonly Option<TimeSpan?> _for = Time("--for", "How long --hold holds. Default 60s.");

    private readonly Option<double> _postRate = new("--post-rate")
    {
        Description = "Then send that many POSTs a second over random ones of the held connections "
            + "(Linux, IPv4).",
    };

    private readonly Option<int> _postSeconds = new("--post-seconds")
    {
        Description = "How long --post-rate sends.",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<int> _postRounds = new("--post-rounds")
    {
        Description = "How many times --post-rate does so; each round's latencies are told apart.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string?> _holdPart = new("--hold-part") { Hidden = true };

    private readonly Option<string?> _source = new("--source")
    {
        Description = "Local address to connect from, as 127.0.0.2.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "One JSON object on stdout at the end and nothing else.",
    };

    public IEnumerable<Option> All =>
    [
        _url, _readUrl, _count, _duration, _connections, _batch, _pipeline, _rate, _seed, _retry,
        _verify, _verifyTimeout, _timeout, _headers, _files, _hold, _for, _postRate, _postSeconds,
        _postRounds, _holdPart, _source, _json,
    ];

    /// <exception cref="UsageException">Out of range, or excluding each other.</exception>
    public LoadOptions Read(ParseResult parsed)
    {
        var files = parsed.GetValue(_files) ?? [];
        var hold = Within(_hold.Name, parsed.GetValue(_hold), 0, MaxConnections);
        Option[] ofLoad = [_count, _duration, _rate, _verify, _pipeline];
        Exclusive(parsed, files.Length > 0, _files, [.. ofLoad, _hold]);
        Exclusive(parsed, hold > 0, _hold, [.. ofLoad, _batch]);

        Option[] ofHold = [_postRate, _postSeconds, _postRounds, _holdPart];
        if (hold == 0 && Given(parsed, ofHold) is { } alone)
            throw new UsageException($"{alone.Name} goes with {_hold.Name}");

        var headers = parsed.GetValue(_headers) ?? [];
        if (headers.FirstOrDefault(h => h.IndexOf(':') <= 0 || h.Any(char.IsControl)) is { } bad)
            throw new UsageException($"--header {bad}: give it as \"Name: value\"");

        var duration = parsed.GetValue(_duration);
        var defaultCount = duration is null ? 100_000L : (long?)null;
        return new LoadOptions
        {
            Url = parsed.GetValue(_url)!,
            ReadUrl = parsed.GetValue(_readUrl),
            Count = parsed.GetValue(_count) is { } count
                ? (long)Within(_count.Name, count, 1, 1e13)
                : defaultCount,
            Duration = duration,
            Connections = Within(
                _connections.Name,
                parsed.GetValue(_connections) ?? (files.Length > 0 ? 8 : 256), 1, MaxConnections),
            Batch = Within(
                _batch.Name,
                parsed.GetValue(_batch) ?? (files.Length > 0 ? Files.FileRun.MaxBatch : 1),
                1,
                files.Length > 0 ? Files.FileRun.MaxBatch : MaxBatch),
            Pipeline = Within(_pipeline.Name, parsed.GetValue(_pipeline), 1, MaxPipeline),
            Rate = parsed.GetResult(_rate) is { Implicit: false }
                ? Within(_rate.Name, parsed.GetValue(_rate), 0.001, 1e9)
                : 0,
            Seed = parsed.GetValue(_seed),
            Retry = parsed.GetValue(_retry),
            Verify = parsed.GetValue(_verify),
            VerifyTimeout = parsed.GetValue(_verifyTimeout) ?? TimeSpan.FromSeconds(60),
            AnswerTimeout = parsed.GetValue(_timeout) ?? TimeSpan.FromSeconds(30),
            Headers = headers,
            Files = files,
            Hold = hold,
            HoldFor = parsed.GetValue(_for) ?? TimeSpan.FromSeconds(60),
            PostRate = parsed.GetResult(_postRate) is { Implicit: false }
                ? Within(_postRate.Name, parsed.GetValue(_postRate), 0.001, 1e7)
                : 0,
            PostSeconds = Within(_postSeconds.Name, parsed.GetValue(_postSeconds), 1, 86_400),
            PostRounds = Within(_postRounds.Name, parsed.GetValue(_postRounds), 1, 1_000),
            HoldPart = parsed.GetValue(_holdPart) is { } part ? CrowdPart.Parse(part) : null,
            Source = parsed.GetValue(_source),
            Json = parsed.GetValue(_json),
        };
    }

    private static void Exclusive(ParseResult parsed, bool given, Option option, Option[] others)
    {
        if (given && Given(parsed, others) is { } other)
            throw new UsageException($"{option.Name} and {other.Name} do not go together");
    }

    private static Option? Given(ParseResult parsed, Option[] options) =>
        Array.Find(options, option => parsed.GetResult(option) is { Implicit: false });

    private static int Within(string name, int value, int low, int high) =>
        (int)Within(name, (double)value, low, high);

    private static double Within(string name, double value, double low, double high) =>
        value >= low && value <= high
            ? value
            : throw new UsageException($"{name} {value}: give a value from {low} to {high}");

    private static Option<TimeSpan?> Time(string name, string description) =>
        new(name) { Description = description, CustomParser = ParseTime };

    private static TimeSpan? ParseTime(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        var unit = text.TrimStart("0123456789.".ToCharArray());
        var seconds = unit switch { "ms" => 0.001, "s" or "" => 1, "m" => 60, "h" => 3600, _ => 0 };
        if (seconds > 0 && double.TryParse(
            text[..^unit.Length], CultureInfo.InvariantCulture, out var number)
            && number * seconds is > 0 and <= 30 * 86_400)
        {
            return TimeSpan.FromSeconds(number * seconds);
        }

        argument.AddError($"{text}: give a time such as 500ms, 60s, 5m or 1h");
        return null;
    }
}
