using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using TradeProcessor.Serving;

namespace TradeProcessor.Storage.Api.Document;

/// <summary>
/// POST /trades, where the program has it. Its handler reads the body by itself, so nothing can be
/// derived from it.
/// </summary>
internal static class TradesOperation
{
    private const string Path = "/trades";
    private const string TradeName = "NewTrade";
    private const string BatchName = "BatchResult";

    public static Task Transform(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken _)
    {
        var endpoint = context.ApplicationServices.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .FirstOrDefault(IsPostTrades);
        if (endpoint is null || document.Paths.ContainsKey(Path))
            return Task.CompletedTask;
        document.AddComponent(TradeName, Trade());
        document.AddComponent(BatchName, Batch());
        document.Paths.Add(Path, new OpenApiPathItem
        {
            Operations = new() { [HttpMethod.Post] = Operation(document, endpoint.Metadata) },
        });
        return Task.CompletedTask;
    }

    private static bool IsPostTrades(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText == Path
        && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?
            .HttpMethods.Contains(HttpMethods.Post) == true;

    private static OpenApiOperation Operation(
        OpenApiDocument document, EndpointMetadataCollection metadata) => new()
        {
            OperationId = metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName,
            Summary = metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary,
            Description = metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description,
            Tags = metadata.GetMetadata<ITagsMetadata>()?.Tags
            .Select(tag => new OpenApiTagReference(tag, document)).ToHashSet(),
            Parameters = [IdempotencyKey()],
            RequestBody = Body(document),
            Responses = Responses(document),
        };

    private static OpenApiParameter IdempotencyKey() => new()
    {
        Name = "Idempotency-Key",
        In = ParameterLocation.Header,
        Description = "Makes it safe to send the request again: for 24 hours the same key and body "
            + "get the same answer and are logged once. Bare, or in double quotes.",
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MinLength = 1,
            MaxLength = 257,
            Pattern = "^[!-~]+$",
        },
    };

    private static OpenApiRequestBody Body(OpenApiDocument document)
    {
        var trade = new OpenApiSchemaReference(TradeName, document);
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        OneOf =
                        [
                            trade,
                            new OpenApiSchema { Type = JsonSchemaType.Array, Items = trade },
                        ],
                    },
                },
                ["application/x-ndjson"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Description = "One trade a line.",
                    },
                },
            },
        };
    }

    private static OpenApiResponses Responses(OpenApiDocument document)
    {
        var problem = Content(
            ProblemBody.MediaType, new OpenApiSchemaReference(nameof(ProblemBody), document));
        return new OpenApiResponses
        {
            ["202"] = new OpenApiResponse
            {
                Description = "The trade is in the log: no body. Of a batch, at least one is.",
                Content = Content(
                    "application/json", new OpenApiSchemaReference(BatchName, document)),
            },
            ["400"] = Error("Nothing was logged; errors has the reason for each field."),
            ["409"] = Error("A request with this Idempotency-Key is under way; see Retry-After."),
            ["411"] = Error("There is no body."),
            ["413"] = Error("The body is over the limit that /info names; nothing was logged."),
            ["415"] = Error("The media type is neither JSON nor NDJSON."),
            ["422"] = Error("The Idempotency-Key stands for another body; nothing was logged."),
            ["429"] = Error("This address is over its share; see Retry-After."),
            ["503"] = Error("The system is full, or the log down; see Retry-After."),
        };

        OpenApiResponse Error(string text) => new() { Description = text, Content = problem };
    }

    private static Dictionary<string, OpenApiMediaType> Content(
        string mediaType, IOpenApiSchema schema) =>
        new() { [mediaType] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiSchema Trade() => Object("A trade; other members are ignored.", new()
    {
        ["userId"] = Member(JsonSchemaType.String, "1–64 visible characters.", "134256"),
        ["currencyFrom"] = Member(
            JsonSchemaType.String, "ISO 4217 code, also a historic one, or asset.", "EUR"),
        ["currencyTo"] = Member(
            JsonSchemaType.String, "Likewise; not the same as currencyFrom.", "GBP"),
        ["amountSell"] = Member(
            JsonSchemaType.Number, "Above 0, up to 1e12, at most 8 decimals and 18 digits.", 1000),
        ["amountBuy"] = Member(JsonSchemaType.Number, "Likewise.", 747.10m),
        ["rate"] = Member(
            JsonSchemaType.Number, "Above 0, up to 1e12, at most 18 decimals and 18 digits.",
            0.7471m),
        ["timePlaced"] = Member(
            JsonSchemaType.String, "d-MMM-yy H:mm:ss or ISO 8601; UTC without an offset.",
            "24-JAN-15 10:27:44"),
        ["originatingCountry"] = Member(
            JsonSchemaType.String, "ISO 3166-1 alpha-2 code.", "FR"),
    });

    private static OpenApiSchema Batch() => Object("What became of a batch.", new()
    {
        ["accepted"] = Member(JsonSchemaType.Integer, "Trades that are in the log.", 998),
        ["rejected"] = Member(JsonSchemaType.Integer, "Trades that are not.", 2),
        ["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "The first 100.",
            Items = Object("What is wrong with one field of one trade.", new()
            {
                ["index"] = Member(JsonSchemaType.Integer, "Of the trade, from 0.", 17),
                ["field"] = Member(JsonSchemaType.String, "Name of the field.", "currencyTo"),
                ["code"] = Member(JsonSchemaType.String, "The reason.", "unknown_currency"),
            }),
        },
    });

    private static OpenApiSchema Object(
        string description, Dictionary<string, IOpenApiSchema> members) => new()
        {
            Type = JsonSchemaType.Object,
            Description = description,
            Properties = members,
            Required = members.Keys.ToHashSet(),
        };

    private static OpenApiSchema Member(
        JsonSchemaType type, string description, JsonNode example) =>
        new() { Type = type, Description = description, Examples = [example] };
}
