using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CreditBank.Api.Composition.Contract;

/// <summary>Groups operations by feature and says who needs a token.</summary>
internal sealed class DescribeOperation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        // Wolverine names each operation after its route; the summary says more.
        operation.Description = null;
        operation.Summary = operation.Summary?.ReplaceLineEndings(" ");
        var feature = context.MethodInfo?.DeclaringType?.Namespace?.Split('.').Last() ?? "Service";
        operation.Tags = new HashSet<OpenApiTagReference> { new(feature, context.Document) };
        if (!IsOpen(context))
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [],
                },
            ];
        }
    }

    /// <summary>Whether anyone may call it.</summary>
    public static bool IsOpen(OperationFilterContext context) =>
        context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
}
