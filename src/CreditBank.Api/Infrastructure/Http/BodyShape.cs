using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>
/// Compares a parsed body with the type it should become and names every place where it does not fit. The serializer
/// itself stops at the first.
/// </summary>
internal sealed class BodyShape(JsonSerializerOptions options)
{
    private readonly List<Misfit> misfits = [];

    /// <summary>Everything that does not fit; empty when the serializer will succeed.</summary>
    public static IReadOnlyList<Misfit> Compare(JsonElement body, Type type, JsonSerializerOptions options)
    {
        var shape = new BodyShape(options);
        shape.Visit(body, type, nullable: false, string.Empty);
        return shape.misfits;
    }

    private void Visit(JsonElement element, Type type, bool nullable, string pointer)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            if (!nullable)
            {
                Report(pointer, type, "field.required", Texts.Required);
            }

            return;
        }

        var info = options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                VisitObject(element, info, pointer);
                break;
            case JsonTypeInfoKind.Enumerable:
                VisitItems(element, info, pointer);
                break;
            default:
                VisitLeaf(element, info, type, pointer);
                break;
        }
    }

    private void VisitObject(JsonElement element, JsonTypeInfo info, string pointer)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Report(pointer, info.Type, "field.type", Texts.Object);
            return;
        }

        foreach (var property in info.Properties)
        {
            var at = $"{pointer}/{property.Name}";
            if (element.TryGetProperty(property.Name, out var value))
            {
                Visit(value, property.PropertyType, property.IsSetNullable, at);
            }
            else if (property.IsRequired)
            {
                Report(at, property.PropertyType, "field.required", Texts.Required);
            }
        }
    }

    private void VisitItems(JsonElement element, JsonTypeInfo info, string pointer)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            Report(pointer, info.Type, "field.type", Texts.Array);
            return;
        }

        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            Visit(item, info.ElementType!, nullable: false, $"{pointer}/{index++}");
        }
    }

    private void VisitLeaf(JsonElement element, JsonTypeInfo info, Type type, string pointer)
    {
        try
        {
            element.Deserialize(info);
        }
        catch (Exception refused) when (refused is JsonException or FormatException or InvalidOperationException)
        {
            Report(pointer, type, "field.type", Texts.Expected(info.Type));
        }
    }

    private void Report(string pointer, Type type, string code, BilingualText text) =>
        misfits.Add(new Misfit(new FieldFinding(pointer, code, text), type));

    /// <summary>What is said of a field that does not fit.</summary>
    internal static class Texts
    {
        public static readonly BilingualText Required = new("必填。", "Required.");
        public static readonly BilingualText Object = new("应为 JSON 对象。", "Must be a JSON object.");
        public static readonly BilingualText Array = new("应为 JSON 数组。", "Must be a JSON array.");

        public static BilingualText Expected(Type type) =>
            type switch
            {
                _ when type == typeof(string) => new("应为文本。", "Must be text."),
                _ when type == typeof(bool) => new("应为 true 或 false。", "Must be true or false."),
                _ when type == typeof(int) || type == typeof(long) => new("应为整数。", "Must be a whole number."),
                _ when type == typeof(Credits) => new(
                    "应为数字，最多四位小数、九位整数。",
                    "Must be a number with at most four decimals and nine digits before them."
                ),
                _ when type == typeof(LocalDate) => new("应为日期 YYYY-MM-DD。", "Must be a date, YYYY-MM-DD."),
                _ when type == typeof(Instant) => new(
                    "应为 UTC 时刻（ISO 8601）。",
                    "Must be an instant in UTC (ISO 8601)."
                ),
                _ when type.IsEnum => new($"应为以下之一：{EnumNames(type)}。", $"Must be one of: {EnumNames(type)}."),
                _ => new("类型不符。", "Is of the wrong type."),
            };

        private static string EnumNames(Type type) =>
            string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName));
    }
}

/// <summary>A place in a body that does not fit, and what should stand there.</summary>
/// <param name="Finding">What is said of it.</param>
/// <param name="Type">The type that was expected.</param>
internal sealed record Misfit(FieldFinding Finding, Type Type);
