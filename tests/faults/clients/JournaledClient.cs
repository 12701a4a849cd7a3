using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace TradeProcessor.Tests.Faults.Clients;

/// <summary>
/// Posts trades that can be told apart, one request at a time, and keeps book of every request and
/// its answer. What is known after an answer:
/// 202: all of it is stored; 400, 413, 415, 422, 429, or no connection at all: nothing of it;
/// everything else, a cut, a timeout, 503: nobody knows.
/// </summary>
internal sealed class JournaledClient(
    Lane lane, int number, int seed, PageBook book, Journal journal, IReadOnlyList<Uri> targets)
    : IDisposable
{
    // Of the test, for a fault that is never mended.
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(3),
        MaxConnectionsPerServer = 1,
    })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    private readonly Random _random = new(seed * 1000 + number % 1000);
    private readonly string _name = $"{seed}-{number}";
    private Page _page = book.Next();
    private int _target;
    private int _requests;

    private enum Outcome
    {
        Stored,
        Nothing,
        Unknown,
    }

    /// <summary>Posts until cancelled; a request that is under way then is seen to its end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var trades = lane.Shape == BodyShape.Single ? 1 : _random.Next(1, lane.MaxTrades + 1);
            if (_page.Unknown + trades > Page.MaxUnknown)
                _page = book.Next();
            await SendAsync(new TradeRequest(_page, lane.Shape, trades, _random));
            await Task.Delay(lane.Pause, CancellationToken.None);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(TradeRequest request)
    {
        var key = lane.IsKeyed ? $"{_name}-{_requests++}" : null;
        var started = Stopwatch.StartNew();
        var outcome = await PostAsync(request, key);
        while (outcome != Outcome.Stored && lane.IsKeyed
            && started.Elapsed < RetryLimit && journal.Faults.Count == 0)
        {
            await Task.Delay(RetryPause, CancellationToken.None);
            outcome = await PostAsync(request, key);
        }
        if (outcome == Outcome.Stored)
            request.Page.Acknowledge(request.Trades);
        else if (outcome == Outcome.Unknown)
            request.Page.LeaveUnknown(request.Trades);
        if (outcome != Outcome.Stored && lane.IsKeyed)
            journal.AddFault($"{lane}: not stored within {RetryLimit.TotalSeconds:0} s");
        else if (outcome != Outcome.Stored)
            await Task.Delay(RetryPause, CancellationToken.None);
    }

    private async Task<Outcome> PostAsync(TradeRequest request, string? key)
    {
        var at = DateTime.UtcNow;
        var started = Stopwatch.StartNew();
        try
        {
            using var message = Message(request, key);
            using var answer = await _client.SendAsync(message);
            var body = await answer.Content.ReadAsStringAsync();
            journal.Add(new Answered(
                at, request.Trades.Count, answer.StatusCode, started.Elapsed,
                answer.Headers.RetryAfter is not null));
            return Judge(request, answer, body);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            journal.Add(new Answered(at, request.Trades.Count, null, started.Elapsed, false));
            _target++; // another consumer, where there is one
            return exception is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError,
                InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused },
            }
                ? Outcome.Nothing
                : Outcome.Unknown;
        }
    }

    private HttpRequestMessage Message(TradeRequest request, string? key)
    {
        var message = new HttpRequestMessage(
            HttpMethod.Post, new Uri(targets[_target % targets.Count], "/trades"))
        {
            Content = new ByteArrayContent(request.Body),
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.MediaType);
        message.Headers.ConnectionClose = lane.Reconnects;
        if (key is not null)
            message.Headers.Add("Idempotency-Key", key);
        return message;
    }

    private Outcome Judge(TradeRequest request, HttpResponseMessage answer, string body)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.Accepted:
                if (Accepted(body, lane.Shape) is { } accepted && accepted != request.Trades.Count)
                    journal.AddFault($"{lane}: {accepted} of {request.Trades.Count}: {body}");
                return Outcome.Stored;
            case HttpStatusCode.TooManyRequests:
                return Outcome.Nothing;
            case HttpStatusCode.ServiceUnavailable:
            case HttpStatusCode.BadGateway:
            case HttpStatusCode.GatewayTimeout:
            case HttpStatusCode.Conflict when lane.IsKeyed:
                return Outcome.Unknown;
            default:
                journal.AddFault($"{lane}: {(int)answer.StatusCode} {body}");
                return answer.StatusCode >= HttpStatusCode.InternalServerError
                    ? Outcome.Unknown
                    : Outcome.Nothing;
        }
    }

    private static int? Accepted(string body, BodyShape shape)
    {
        if (shape == BodyShape.Single)
            return null;
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.GetProperty("accepted").GetInt32();
    }
}
