using System.Reflection;
using CreditBank.Api.Infrastructure.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CreditBank.Api.Composition.Contract;

/// <summary>The query parameters and headers an endpoint understands.</summary>
internal sealed class DescribeQuestions : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        operation.Parameters ??= [];
        foreach (var parameter in QuestionsOf(context.MethodInfo))
        {
            operation.Parameters.Add(parameter);
        }

        if (context.MethodInfo?.IsDefined(typeof(HonoursIfMatchAttribute)) == true)
        {
            operation.Parameters.Add(
                Header("If-Match", "The `ETag` that was seen; another version is refused with `state.version`.")
            );
        }

        if (context.ApiDescription.HttpMethod == "POST" && !DescribeOperation.IsOpen(context))
        {
            operation.Parameters.Add(
                Header(
                    "Idempotency-Key",
                    "The same key and body from the same caller gets the first answer again, for a day."
                )
            );
        }
    }

    private static IEnumerable<OpenApiParameter> QuestionsOf(MethodInfo? method)
    {
        if (method is null)
        {
            yield break;
        }

        foreach (var asks in method.GetCustomAttributes<AsksAttribute>())
        {
            var type = asks.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String;
            yield return Query(asks.Name, asks.Says, type, asks.Format, asks.IsRequired);
        }

        var asksAsOf = method.IsDefined(typeof(AsksAsOfAttribute));
        if (asksAsOf || method.IsDefined(typeof(AsksKnownAtAttribute)))
        {
            yield return Query(
                AsOfGate.KnownAt,
                "Only what was recorded by then, inclusive; now unless given.",
                "date-time"
            );
        }

        if (asksAsOf)
        {
            yield return Query(
                AsOfGate.EffectiveOn,
                "Only what is true on that day, inclusive; any day unless given.",
                "date"
            );
        }

        if (method.IsDefined(typeof(AsksPageAttribute)))
        {
            yield return Query("limit", $"At most so many items, 1 to {Page.LimitMax}.", JsonSchemaType.Integer);
            yield return Query("cursor", "The `nextCursor` of the part before.", JsonSchemaType.String);
        }
    }

    private static OpenApiParameter Query(string name, string says, string format) =>
        Query(name, says, JsonSchemaType.String, format);

    private static OpenApiParameter Query(
        string name,
        string says,
        JsonSchemaType type,
        string? format = null,
        bool isRequired = false
    ) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = says,
            Required = isRequired,
            Schema = new OpenApiSchema { Type = type, Format = format },
        };

    private static OpenApiParameter Header(string name, string says) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = says,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
}
