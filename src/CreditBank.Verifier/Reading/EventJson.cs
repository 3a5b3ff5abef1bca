using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CreditBank.Ledger;

namespace CreditBank.Verifier;

/// <summary>
/// How payloads are read here: as the ledger writes them, and strictly. What an event must have and a payload has not
/// is a finding, never a null where nobody expects one.
/// </summary>
internal static class EventJson
{
    /// <summary>Ready to use; read-only.</summary>
    public static readonly JsonSerializerOptions Options = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(LedgerJson.Options)
        {
            RespectNullableAnnotations = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireWhatIsNeverNull } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void RequireWhatIsNeverNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { IsNullable: false, HasDefaultValue: false })
            {
                property.IsRequired = true;
            }
        }
    }
}
