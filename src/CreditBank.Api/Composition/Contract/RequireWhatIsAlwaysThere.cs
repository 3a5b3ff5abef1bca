using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CreditBank.Api.Composition.Contract;

/// <summary>
/// A property that may not be missing is required: what is none is left out of bodies, so everything else is always
/// there.
/// </summary>
internal sealed class RequireWhatIsAlwaysThere(IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
    : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } properties || !IsObject(context.Type))
        {
            return;
        }

        foreach (var property in json.Value.SerializerOptions.GetTypeInfo(context.Type).Properties)
        {
            if (properties.Properties.ContainsKey(property.Name) && IsAlwaysThere(property))
            {
                (properties.Required ??= new HashSet<string>()).Add(property.Name);
            }
        }
    }

    private bool IsObject(Type type) =>
        json.Value.SerializerOptions.TryGetTypeInfo(type, out var info) && info.Kind == JsonTypeInfoKind.Object;

    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        property.IsRequired
        || property.AssociatedParameter is { HasDefaultValue: false }
            && !property.IsGetNullable
            && Nullable.GetUnderlyingType(property.PropertyType) is null;
}
