using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>
/// Gives every error a body: exceptions, and statuses that were set without one (404, 405, …).
/// An exception's text goes to the log, never to the client.
/// </summary>
internal sealed partial class ProblemMiddleware(
    RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        SecurityHeaders.Set(context);
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            if (!await TryAnswerAsync(context, exception))
                throw;
            return;
        }
        if (IsBareError(context.Response))
            await Problem.WriteAsync(context, ProblemBody.ForStatus(context.Response.StatusCode));
    }

    private static bool IsBareError(HttpResponse response) =>
        response.StatusCode >= 400
        && !response.HasStarted
        && response.ContentLength is null
        && string.IsNullOrEmpty(response.ContentType);

    // False where the answer has begun: throwing on cuts the connection, so that half an answer
    // is not taken for a whole one.
    private async Task<bool> TryAnswerAsync(HttpContext context, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested)
            return true;
        var problem = Classify(exception);
        // The back end says once that it is down, and once that it is back.
        if (exception is LogUnavailableException)
            Log.Unavailable(logger, context.Request.Method, context.Request.Path, problem.Detail);
        else if (problem.Status >= 500)
            Log.Failed(logger, context.Request.Method, context.Request.Path, exception);
        if (context.Response.HasStarted)
            return false;
        context.Response.Clear();
        SecurityHeaders.Set(context);
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        await Problem.WriteAsync(context, problem);
        return true;
    }

    private static ProblemBody Classify(Exception exception) => exception switch
    {
        BadHttpRequestException bad => ProblemBody.ForStatus(bad.StatusCode, bad.Message),
        LogUnavailableException down => ProblemBody.ForStatus(
            StatusCodes.Status503ServiceUnavailable, down.Message),
        _ => ProblemBody.ForStatus(StatusCodes.Status500InternalServerError),
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Failed(
            ILogger logger, string method, string path, Exception exception);

        [LoggerMessage(2, LogLevel.Debug, "{Method} {Path} was not possible: {Reason}")]
        public static partial void Unavailable(
            ILogger logger, string method, string path, string? reason);
    }
}
