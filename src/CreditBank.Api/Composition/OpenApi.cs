using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using NodaTime;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CreditBank.Api.Composition;

/// <summary>The contract as OpenAPI, made by Swashbuckle from the endpoints themselves.</summary>
internal static class OpenApi
{
    public static void AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(
                "v1",
                new OpenApiInfo
                {
                    Title = "CreditBank",
                    Version = "v1",
                    Description =
                        "The ledger of a credit bank: learning outcomes as immutable events, balances and conversions "
                        + "as projections under a versioned rule set. Every error is a problem body (RFC 9457) with a "
                        + "stable `code`.",
                }
            );
            options.MapType<Credits>(() => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "decimal" });
            options.MapType<LocalDate>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" });
            options.MapType<Instant>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });
            options.SupportNonNullableReferenceTypes();
            options.ResolveConflictingActions(actions => actions.First());
            options.AddSecurityDefinition(
                "bearer",
                new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    BearerFormat = "JWT",
                }
            );
            options.OperationFilter<Describe>();
            foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "CreditBank.*.xml"))
            {
                options.IncludeXmlComments(file);
            }
        });
    }

    public static void MapContract(this WebApplication app)
    {
        app.UseSwagger(options => options.RouteTemplate = "openapi/{documentName}.json");
        app.UseSwaggerUI(options => options.SwaggerEndpoint("/openapi/v1.json", "CreditBank v1"));
    }

    /// <summary>
    /// Groups operations by feature, says who needs a token, and adds the problems every operation can answer.
    /// </summary>
    private sealed class Describe : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            // Wolverine names each operation after its route; the summary says more.
            operation.Description = null;
            var feature = context.MethodInfo?.DeclaringType?.Namespace?.Split('.').Last() ?? "Service";
            operation.Tags = new HashSet<OpenApiTagReference> { new(feature, context.Document) };
            var isOpen = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
            if (!isOpen)
            {
                operation.Security =
                [
                    new OpenApiSecurityRequirement
                    {
                        [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [],
                    },
                ];
                AddProblem(operation, context, "401", "No valid token.");
                AddProblem(operation, context, "403", "The caller may see it, but not do it.");
            }

            AddProblem(operation, context, "404", "No such thing, or not for this caller.");
            AddProblem(operation, context, "429", "Too many requests.");
            if (context.ApiDescription.HttpMethod is not "GET")
            {
                AddProblem(operation, context, "400", "Something in the request is wrong; `errors` lists everything.");
                AddProblem(operation, context, "409", "Not in this state, or something changed meanwhile.");
                AddProblem(operation, context, "422", "A rule refuses, or the content cannot be.");
            }
        }

        private static void AddProblem(
            OpenApiOperation operation,
            OperationFilterContext context,
            string status,
            string description
        )
        {
            operation.Responses ??= [];
            operation.Responses[status] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository),
                    },
                },
            };
        }
    }
}
