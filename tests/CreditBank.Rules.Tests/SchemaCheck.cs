using System.Text.Json;
using System.Text.RegularExpressions;

namespace CreditBank.Rules.Tests;

/// <summary>
/// The part of JSON Schema that the two schemas use; a validator with all of it is on no registry at hand.
/// </summary>
internal static class SchemaCheck
{
    public static List<string> Check(JsonElement schema, object value, string path)
    {
        var wrong = new List<string>();
        Check(schema, schema, value, path, wrong);
        return wrong;
    }

    private static void Check(JsonElement root, JsonElement schema, object value, string path, List<string> wrong)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!["#/$defs/".Length..];
            Check(root, root.GetProperty("$defs").GetProperty(name), value, path, wrong);
        }

        if (
            schema.TryGetProperty("anyOf", out var choices)
            && !choices.EnumerateArray().Any(choice => Fits(root, choice, value))
        )
            wrong.Add($"{path}: fits none of the forms");
        if (
            schema.TryGetProperty("enum", out var words)
            && !words.EnumerateArray().Any(word => word.ToString() == value as string)
        )
            wrong.Add($"{path}: '{value}' is not among {words}");
        if (schema.TryGetProperty("type", out var type) && !IsOf(type, value))
            wrong.Add($"{path}: not of type {type}");
        if (
            schema.TryGetProperty("pattern", out var pattern)
            && value is string text
            && !Regex.IsMatch(text, pattern.GetString()!)
        )
            wrong.Add($"{path}: '{text}' does not fit {pattern}");
        if (value is Dictionary<string, object> map)
            CheckMap(root, schema, map, path, wrong);
        if (value is List<object> list && schema.TryGetProperty("items", out var items))
        {
            for (var i = 0; i < list.Count; i++)
                Check(root, items, list[i], $"{path}/{i}", wrong);
        }
    }

    private static void CheckMap(
        JsonElement root,
        JsonElement schema,
        Dictionary<string, object> map,
        string path,
        List<string> wrong
    )
    {
        if (!schema.TryGetProperty("properties", out var properties))
            return;
        var closed =
            schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False;
        foreach (var (key, value) in map)
        {
            if (properties.TryGetProperty(key, out var property))
                Check(root, property, value, $"{path}/{key}", wrong);
            else if (closed)
                wrong.Add($"{path}/{key}: unknown");
        }

        if (schema.TryGetProperty("required", out var required))
            wrong.AddRange(
                required
                    .EnumerateArray()
                    .Where(name => !map.ContainsKey(name.GetString()!))
                    .Select(name => $"{path}/{name}: missing")
            );
    }

    private static bool Fits(JsonElement root, JsonElement schema, object value)
    {
        var wrong = new List<string>();
        Check(root, schema, value, "", wrong);
        return wrong.Count == 0;
    }

    private static bool IsOf(JsonElement type, object value) =>
        type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(one => IsOf(one, value))
            : type.GetString() switch
            {
                "object" => value is Dictionary<string, object>,
                "array" => value is List<object>,
                "string" => value is string,
                _ => false,
            };
}
