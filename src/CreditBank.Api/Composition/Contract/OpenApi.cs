using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using Microsoft.OpenApi;
using NodaTime;

namespace CreditBank.Api.Composition.Contract;

/// <summary>The contract as OpenAPI, made by Swashbuckle from the endpoints themselves.</summary>
internal static class OpenApi
{
    public static void AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", Info());
            options.MapType<Credits>(() => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "decimal" });
            options.MapType<LocalDate>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" });
            options.MapType<Instant>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });
            options.MapType<StatedLevel>(() =>
                new OpenApiSchema { Type = JsonSchemaType.Integer | JsonSchemaType.String }
            );
            options.SupportNonNullableReferenceTypes();
            options.SchemaFilter<RequireWhatIsAlwaysThere>();
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
            options.OperationFilter<DescribeOperation>();
            options.OperationFilter<DescribeQuestions>();
            options.OperationFilter<DescribeProblems>();
            options.OperationFilter<DescribeBodies>();
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

    private static OpenApiInfo Info() =>
        new()
        {
            Title = "CreditBank",
            Version = "v1",
            Description =
                "The ledger of a credit bank: learning outcomes as immutable events, balances and conversions as "
                + "projections under a versioned rule set. Every error is a problem body (RFC 9457) with a stable "
                + "`code`; each operation lists the codes it answers with. Texts come in Chinese or English by "
                + "`Accept-Language`. Single resources carry a strong `ETag`.",
        };
}
