using Microsoft.AspNetCore.Http;

namespace TradeProcessor.Serving;

/// <summary>Makes and writes problem answers.</summary>
public static class Problem
{
    /// <summary>What every problem type begins with.</summary>
    public const string TypePrefix = "urn:tradeprocessor:";

    /// <summary>400: query parameters that are not allowed; messages by parameter.</summary>
    public static ProblemResult InvalidParameters(IReadOnlyDictionary<string, string[]> errors) =>
        new(new ProblemBody(
            TypePrefix + "invalid-parameters",
            "A query parameter is not allowed.",
            StatusCodes.Status400BadRequest,
            string.Join(" ", errors.SelectMany(error => error.Value)),
            errors));

    /// <summary>The problem of a bare status.</summary>
    public static ProblemResult Of(int status, string? detail = null) =>
        new(ProblemBody.ForStatus(status, detail));

    /// <summary>A problem with a type of its own, <c>urn:tradeprocessor:{name}</c>.</summary>
    public static ProblemResult Of(
        int status,
        string name,
        string title,
        string? detail = null,
        IReadOnlyDictionary<string, string[]>? errors = null) =>
        new(new ProblemBody(TypePrefix + name, title, status, detail, errors));

    /// <summary>503: probes that failed, with their reasons.</summary>
    public static ProblemResult NotReady(
        string detail, IReadOnlyDictionary<string, string[]> errors) =>
        new(new ProblemBody(
            TypePrefix + "not-ready",
            "The program cannot do its work now.",
            StatusCodes.Status503ServiceUnavailable,
            detail,
            errors))
        { RetryAfterSeconds = 1 };

    /// <summary>Answers with the problem; the response must not have started.</summary>
    public static async Task WriteAsync(HttpContext context, ProblemBody problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ProblemBody.MediaType;
        response.Headers.CacheControl = SecurityHeaders.NoStore;
        var json = problem.ToJson();
        response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(json, context.RequestAborted);
    }
}

/// <summary>A problem as the result of a handler.</summary>
public sealed class ProblemResult(ProblemBody problem)
    : IResult, IStatusCodeHttpResult, IContentTypeHttpResult, IValueHttpResult<ProblemBody>
{
    public ProblemBody Value { get; } = problem;

    public int? StatusCode => Value.Status;

    public string? ContentType => ProblemBody.MediaType;

    /// <summary>Sent as <c>Retry-After</c> where it is set.</summary>
    public int? RetryAfterSeconds { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfterSeconds is { } seconds)
            httpContext.Response.Headers.RetryAfter = seconds.ToString();
        return Problem.WriteAsync(httpContext, Value);
    }
}
