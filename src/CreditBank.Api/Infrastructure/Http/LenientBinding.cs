using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>
/// Binds a body of which something is wrong, with stand-ins in the wrong places, so that the validator can name the
/// rest in the same answer. What comes out is only ever looked at by the validator.
/// </summary>
internal static class LenientBinding
{
    /// <summary>The bound value; none when a wrong place has no stand-in, such as a missing object.</summary>
    public static object? Bind(
        JsonElement body,
        Type type,
        IReadOnlyList<Misfit> misfits,
        JsonSerializerOptions options
    )
    {
        if (misfits.Count == 0)
        {
            return body.Deserialize(type, options);
        }

        if (body.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var root = JsonObject.Create(body)!;
        foreach (var misfit in misfits)
        {
            if (!HasStandIn(misfit.Type, out var standIn))
            {
                return null;
            }

            Put(root, misfit.Finding.Pointer, standIn);
        }

        return root.Deserialize(type, options);
    }

    private static void Put(JsonNode root, string pointer, JsonNode? value)
    {
        var parts = pointer[1..].Split('/');
        var at = root;
        foreach (var part in parts[..^1])
        {
            at = at is JsonArray list ? list[IndexOf(part)]! : at[part]!;
        }

        if (at is JsonArray array)
        {
            array[IndexOf(parts[^1])] = value;
        }
        else
        {
            at[parts[^1]] = value;
        }
    }

    private static int IndexOf(string part) => int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool HasStandIn(Type type, out JsonNode? standIn)
    {
        standIn = type switch
        {
            _ when type == typeof(string) => JsonValue.Create(string.Empty),
            _ when type == typeof(bool) => JsonValue.Create(false),
            _ when type == typeof(int) || type == typeof(long) || type == typeof(Credits) => JsonValue.Create(0),
            _ when type == typeof(LocalDate) => JsonValue.Create("1900-01-01"),
            _ when IsDictionary(type) => new JsonObject(),
            _ when type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) => new JsonArray(),
            _ => null,
        };
        return standIn is not null || Nullable.GetUnderlyingType(type) is not null;
    }

    private static bool IsDictionary(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);
}
