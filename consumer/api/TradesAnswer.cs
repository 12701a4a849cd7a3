using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Consumer.Api;

/// <summary>The answers of <c>POST /trades</c>.</summary>
internal static class TradesAnswer
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Answers a body without a trade for the log; null where there is one.</summary>
    public static Task? Refusal(
        HttpContext context, BodyResult body, Submission submission, IntakeOptions limits) =>
        body.Status switch
        {
            BodyStatus.Malformed => MalformedAsync(context, body),
            BodyStatus.TooLarge => TooLarge(context, limits),
            _ when submission.Records.Count == 0 =>
                NoneAccepted(context, submission.Errors, body.Single),
            _ => null,
        };

    public static Task Accepted(HttpContext context, BatchErrors errors, bool single)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        if (single)
        {
            context.Response.ContentLength = 0;
            return Task.CompletedTask;
        }
        context.Response.ContentType = "application/json";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            writer.WriteStartObject();
            WriteBatch(writer, errors);
            writer.WriteEndObject();
        }
        return context.Response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }

    private static Task NoneAccepted(HttpContext context, BatchErrors errors, bool single)
    {
        if (single)
        {
            var fields = errors.Errors
                .GroupBy(error => error.Field.WireName(), error => error.Code.WireName())
                .ToDictionary(field => field.Key, field => field.ToArray());
            return Problem.Of(
                StatusCodes.Status400BadRequest,
                "invalid-trade",
                "The trade is invalid.",
                "Nothing was logged. Each field that is wrong has its reason in errors.",
                fields).ExecuteAsync(context);
        }
        var detail = errors.Rejected == 0
            ? "The batch holds no trade."
            : "Nothing was logged: no trade of the batch is valid.";
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = ProblemBody.MediaType;
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, Problem.TypePrefix + "invalid-trade");
            writer.WriteString("title"u8, "The trades are invalid.");
            writer.WriteNumber("status"u8, StatusCodes.Status400BadRequest);
            writer.WriteString("detail"u8, detail);
            WriteBatch(writer, errors);
            writer.WriteEndObject();
        }
        return context.Response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }

    private static Task MalformedAsync(HttpContext context, BodyResult body) => Problem.Of(
        StatusCodes.Status400BadRequest,
        "malformed-json",
        "The body is not the JSON that it should be.",
        $"Nothing was logged. It goes wrong at byte {body.Offset}, on line {body.Line}.")
        .ExecuteAsync(context);

    public static Task UnsupportedMediaType(HttpContext context)
    {
        context.Response.Headers.Accept = $"{TradesMediaType.Json}, {TradesMediaType.Ndjson}";
        return Problem.Of(StatusCodes.Status415UnsupportedMediaType, TradesMediaType.Allowed)
            .ExecuteAsync(context);
    }

    public static Task LengthRequired(HttpContext context) => Problem.Of(
        StatusCodes.Status411LengthRequired,
        "Send the trade in the body, with Content-Length or chunked.").ExecuteAsync(context);

    public static Task TooLarge(HttpContext context, IntakeOptions limits) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge,
        $"Nothing was logged. A single trade may have {limits.MaxTradeBytes} bytes, "
        + $"a batch {limits.MaxBatchBytes}: send it in several.").ExecuteAsync(context);

    public static Task TooLargeForKey(HttpContext context) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge,
        $"Nothing was logged. The trades of a request with {IdempotencyKey.Header} must fit "
        + $"{OnceAppend.MaxRecordBytes} bytes in the log, about 18,000 of them: send them in "
        + "several, each with a key of its own.").ExecuteAsync(context);

    public static Task BadKey(HttpContext context) => Problem.Of(
        StatusCodes.Status400BadRequest,
        "bad-idempotency-key",
        $"{IdempotencyKey.Header} is not what it should be.",
        $"Nothing was logged. Send one {IdempotencyKey.Header} of 1 to {IdempotencyKey.MaxLength} "
        + "visible ASCII characters, such as a UUID.").ExecuteAsync(context);

    public static Task KeyReused(HttpContext context) => Problem.Of(
        StatusCodes.Status422UnprocessableEntity,
        "idempotency-key-reused",
        $"This {IdempotencyKey.Header} stands for another request.",
        "Nothing was logged. Another body was logged under this key within the last "
        + $"{IOnceLog.RememberedFor.TotalHours:0} hours: send a new key.").ExecuteAsync(context);

    public static Task KeyInFlight(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem.Of(
            StatusCodes.Status409Conflict,
            "idempotency-key-in-flight",
            $"A request with this {IdempotencyKey.Header} is under way.",
            "What becomes of it is not known yet: send it again to hear.").ExecuteAsync(context);
    }

    public static Task OverShare(HttpContext context, IntakeOptions limits)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem.Of(
            StatusCodes.Status429TooManyRequests,
            $"Nothing was logged. One address may send {limits.ClientRequestsPerSecond} requests "
            + "a second; batches count as one.").ExecuteAsync(context);
    }

    public static Task Unavailable(HttpContext context, string? reason)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem.Of(
            StatusCodes.Status503ServiceUnavailable,
            reason ?? "Too many trades wait for the log.").ExecuteAsync(context);
    }

    private static void WriteBatch(Utf8JsonWriter writer, BatchErrors errors)
    {
        writer.WriteNumber("accepted"u8, errors.Accepted);
        writer.WriteNumber("rejected"u8, errors.Rejected);
        writer.WriteStartArray("errors"u8);
        foreach (var error in errors.Errors)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, error.Index);
            writer.WriteString("field"u8, error.Field.WireName());
            writer.WriteString("code"u8, error.Code.WireName());
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
