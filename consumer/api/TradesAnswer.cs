using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Consumer.Api;

/// <summary>An answer of <c>POST /trades</c>, by whichever way the request came.</summary>
internal sealed class TradesAnswer
{
    /// <summary>One trade was logged.</summary>
    public static readonly TradesAnswer Accepted =
        new(StatusCodes.Status202Accepted, mediaType: null, []);

    private const string InvalidTrade = "invalid-trade";

    private TradesAnswer(int status, string? mediaType, byte[] body) =>
        (Status, MediaType, Body) = (status, mediaType, body);

    public int Status { get; }

    /// <summary>Of the body; null where it is empty.</summary>
    public string? MediaType { get; }

    public byte[] Body { get; }

    /// <summary>Sent as <c>Cache-Control: no-store</c>.</summary>
    public bool IsProblem => MediaType == ProblemBody.MediaType;

    /// <summary>Sent as <c>Retry-After: 1</c>.</summary>
    public bool IsForRetry { get; private init; }

    /// <summary>Sent as <c>Connection: close</c>.</summary>
    public bool Closes { get; private init; }

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        if (Closes)
            response.Headers.Connection = "close";
        response.StatusCode = Status;
        response.ContentLength = Body.Length;
        if (Body.Length == 0)
            return Task.CompletedTask;
        response.ContentType = MediaType;
        if (IsProblem)
            response.Headers.CacheControl = "no-store";
        if (IsForRetry)
            response.Headers.RetryAfter = "1";
        return response.BodyWriter.WriteAsync(Body, context.RequestAborted).AsTask();
    }

    /// <summary>Answers a body without a trade for the log; null where there is one.</summary>
    public static TradesAnswer? Refusal(
        BodyResult body, BatchErrors errors, int trades, IntakeOptions limits) =>
        body.Status switch
        {
            BodyStatus.Malformed => Malformed(body),
            BodyStatus.TooLarge => TooLarge(limits),
            _ when trades == 0 => NoneAccepted(errors, body.Single),
            _ => null,
        };

    /// <summary>What was good of the body is logged.</summary>
    public static TradesAnswer For(BatchErrors errors, bool single) => single
        ? Accepted
        : new(StatusCodes.Status202Accepted, "application/json", Write(errors, static (json, errors) =>
            WriteBatch(json, errors)));

    /// <summary>The endpoint's alone: the lane takes no request of another type.</summary>
    public static TradesAnswer UnsupportedMediaType { get; } = Problem(ProblemBody.ForStatus(
        StatusCodes.Status415UnsupportedMediaType, TradesMediaType.Allowed));

    public static TradesAnswer LengthRequired { get; } = Problem(ProblemBody.ForStatus(
        StatusCodes.Status411LengthRequired,
        "Send the trade in the body, with Content-Length or chunked."));

    public static TradesAnswer TooLarge(IntakeOptions limits) => Problem(ProblemBody.ForStatus(
        StatusCodes.Status413PayloadTooLarge,
        $"Nothing was logged. A single trade may have {limits.MaxTradeBytes} bytes, "
        + $"a batch {limits.MaxBatchBytes}: send it in several."));

    public static TradesAnswer TooLargeForKey { get; } = Problem(ProblemBody.ForStatus(
        StatusCodes.Status413PayloadTooLarge,
        $"Nothing was logged. The trades of a request with {IdempotencyKey.Header} must fit "
        + $"{OnceAppend.MaxRecordBytes} bytes in the log, about 18,000 of them: send them in "
        + "several, each with a key of its own."));

    public static TradesAnswer BadKey { get; } = Problem(new ProblemBody(
        Serving.Problem.TypePrefix + "bad-idempotency-key",
        $"{IdempotencyKey.Header} is not what it should be.",
        StatusCodes.Status400BadRequest,
        $"Nothing was logged. Send one {IdempotencyKey.Header} of 1 to {IdempotencyKey.MaxLength} "
        + "visible ASCII characters, such as a UUID."));

    public static TradesAnswer KeyReused { get; } = Problem(new ProblemBody(
        Serving.Problem.TypePrefix + "idempotency-key-reused",
        $"This {IdempotencyKey.Header} stands for another request.",
        StatusCodes.Status422UnprocessableEntity,
        "Nothing was logged. Another body was logged under this key within the last "
        + $"{IOnceLog.RememberedFor.TotalHours:0} hours: send a new key."));

    public static TradesAnswer KeyInFlight { get; } = Problem(
        new ProblemBody(
            Serving.Problem.TypePrefix + "idempotency-key-in-flight",
            $"A request with this {IdempotencyKey.Header} is under way.",
            StatusCodes.Status409Conflict,
            "What becomes of it is not known yet: send it again to hear."),
        isForRetry: true);

    /// <summary>The connection ends behind it: what more may come of the body is not read.</summary>
    public static TradesAnswer TooSlow { get; } = Problem(
        ProblemBody.ForStatus(
            StatusCodes.Status408RequestTimeout, "Nothing was logged. The body came too slowly."),
        closes: true);

    public static TradesAnswer OverShare(IntakeOptions limits) => Problem(
        ProblemBody.ForStatus(
            StatusCodes.Status429TooManyRequests,
            $"Nothing was logged. One address may send {limits.ClientRequestsPerSecond} requests "
            + "a second; batches count as one."),
        isForRetry: true);

    public static TradesAnswer Unavailable(string? reason) => Problem(
        ProblemBody.ForStatus(
            StatusCodes.Status503ServiceUnavailable, reason ?? "Too many trades wait for the log."),
        isForRetry: true);

    private static TradesAnswer Malformed(BodyResult body) => Problem(new ProblemBody(
        Serving.Problem.TypePrefix + "malformed-json",
        "The body is not the JSON that it should be.",
        StatusCodes.Status400BadRequest,
        $"Nothing was logged. It goes wrong at byte {body.Offset}, on line {body.Line}."));

    private static TradesAnswer NoneAccepted(BatchErrors errors, bool single)
    {
        if (!single)
        {
            return new TradesAnswer(
                StatusCodes.Status400BadRequest,
                ProblemBody.MediaType,
                Write(errors, static (json, errors) => WriteInvalidBatch(json, errors)));
        }
        var fields = errors.Errors
            .GroupBy(error => error.Field.WireName(), error => error.Code.WireName())
            .ToDictionary(field => field.Key, field => field.ToArray());
        return Problem(new ProblemBody(
            Serving.Problem.TypePrefix + InvalidTrade,
            "The trade is invalid.",
            StatusCodes.Status400BadRequest,
            "Nothing was logged. Each field that is wrong has its reason in errors.",
            fields));
    }

    private static TradesAnswer Problem(
        ProblemBody problem, bool isForRetry = false, bool closes = false) =>
        new(problem.Status, ProblemBody.MediaType, problem.ToJson())
        {
            IsForRetry = isForRetry,
            Closes = closes,
        };

    private static byte[] Write(BatchErrors errors, Action<Utf8JsonWriter, BatchErrors> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json, errors);
            json.WriteEndObject();
        }
        return body.WrittenSpan.ToArray();
    }

    private static void WriteInvalidBatch(Utf8JsonWriter json, BatchErrors errors)
    {
        json.WriteString("type"u8, Serving.Problem.TypePrefix + InvalidTrade);
        json.WriteString("title"u8, "The trades are invalid.");
        json.WriteNumber("status"u8, StatusCodes.Status400BadRequest);
        json.WriteString("detail"u8, errors.Rejected == 0
            ? "The batch holds no trade."
            : "Nothing was logged: no trade of the batch is valid.");
        WriteBatch(json, errors);
    }

    private static void WriteBatch(Utf8JsonWriter json, BatchErrors errors)
    {
        json.WriteNumber("accepted"u8, errors.Accepted);
        json.WriteNumber("rejected"u8, errors.Rejected);
        json.WriteStartArray("errors"u8);
        foreach (var error in errors.Errors)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, error.Index);
            json.WriteString("field"u8, error.Field.WireName());
            json.WriteString("code"u8, error.Code.WireName());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
