using System.Text.Json.Nodes;
using CreditBank.Api.Transcripts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CreditBank.Api.Composition.Contract;

/// <summary>
/// An example of each body, from <c>specs/api/examples</c>, and the NDJSON form of transcripts beside the JSON form.
/// </summary>
internal sealed class DescribeBodies : IOperationFilter
{
    private const string Folder = "CreditBank.Api.Examples.";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.RequestBody?.Content is not { } forms)
        {
            return;
        }

        if (operation.OperationId is { } name && ExampleOf($"{name}.json") is { } example)
        {
            forms["application/json"].Example = JsonNode.Parse(example);
        }

        if (operation.OperationId == PostTranscriptEndpoint.OperationName)
        {
            AddLines(operation, forms, context);
        }
    }

    private static void AddLines(
        OpenApiOperation operation,
        IDictionary<string, OpenApiMediaType> forms,
        OperationFilterContext context
    )
    {
        forms[PostTranscriptLines.MediaType] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description =
                    "A header line (`institutionId`, `reference`, `term`, `rowCount`, `openAccounts`), then a record a "
                    + "line; any size. A wrong line is rejected with its number and the rest goes on; a body that ends "
                    + "early leaves the transcript `incomplete`, and sending it again completes it.",
            },
            Example = ExampleOf("postTranscript.ndjson"),
        };
        operation.Responses!["202"] = new OpenApiResponse
        {
            Description = "NDJSON was read to its end; `Location` names the transcript.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType
                {
                    Schema = context.SchemaGenerator.GenerateSchema(typeof(TranscriptBody), context.SchemaRepository),
                },
            },
        };
    }

    private static string? ExampleOf(string file)
    {
        using var stream = typeof(DescribeBodies).Assembly.GetManifestResourceStream(Folder + file);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
