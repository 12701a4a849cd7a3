using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TradeProcessor.Serving;

namespace TradeProcessor.Storage.Api.Answers;

/// <summary>
/// A result that is written as it goes, as JSON or CSV, whichever the client accepts; it stops
/// where the client is gone.
/// </summary>
internal abstract class Answer(bool hasCsv = true) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Vary = HeaderNames.Accept;
        switch (Representations.Choose(httpContext.Request, hasCsv))
        {
            case Representation.Json:
                await ExecuteAsync(httpContext, Representation.Json);
                break;
            case Representation.Csv:
                await ExecuteAsync(httpContext, Representation.Csv);
                break;
            default:
                await Problem.Of(
                        StatusCodes.Status406NotAcceptable,
                        $"There is {Representations.Json}{(hasCsv ? " and text/csv" : "")}.")
                    .ExecuteAsync(httpContext);
                break;
        }
    }

    /// <summary>What there is to do before and after writing.</summary>
    protected virtual Task ExecuteAsync(HttpContext context, Representation representation) =>
        WriteAsync(context, representation);

    protected async Task WriteAsync(HttpContext context, Representation representation)
    {
        if (representation == Representation.Csv)
        {
            context.Response.ContentType = Representations.Csv + "; charset=utf-8; header=present";
            var csv = new CsvStream(context);
            await WriteCsvAsync(csv);
            await csv.FlushAsync();
            return;
        }
        context.Response.ContentType = Representations.Json + "; charset=utf-8";
        using var json = new JsonStream(context);
        await WriteJsonAsync(json);
        await json.FlushAsync();
    }

    protected abstract ValueTask WriteJsonAsync(JsonStream json);

    protected virtual ValueTask WriteCsvAsync(CsvStream csv) => throw new NotSupportedException();
}
