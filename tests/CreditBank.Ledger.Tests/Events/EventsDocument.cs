using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Ledger.Tests.Events;

/// <summary>
/// The catalogue of events as Markdown, made from the records as they are serialised and from their summaries.
/// </summary>
internal static class EventsDocument
{
    public const string Heading = "## Events";

    private static readonly Dictionary<string, XElement> Comments = XDocument
        .Load(Path.Combine(AppContext.BaseDirectory, "CreditBank.Ledger.xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);

    private static readonly string RecordsNamespace = typeof(Ledger.Events.Worth).Namespace!;

    public static string Catalogue()
    {
        var text = new StringBuilder(Heading).Append('\n');
        var parts = new SortedDictionary<string, Type>(StringComparer.Ordinal);
        foreach (var (name, type) in EventCatalogue.TypesByName)
        {
            Section(text, $"`{name}`", type, parts);
        }

        text.Append("\n## Parts of events\n");
        var written = new HashSet<string>();
        while (parts.FirstOrDefault(part => !written.Contains(part.Key)) is { Key: { } next, Value: var part })
        {
            written.Add(next);
            Section(text, next, part, parts);
        }

        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, Type type, SortedDictionary<string, Type> parts)
    {
        text.Append(
            $"\n### {title}\n\n{Summary($"T:{type.FullName}")}\n\n| field | value | meaning |\n|---|---|---|\n"
        );
        foreach (var field in LedgerJson.Options.GetTypeInfo(type).Properties)
        {
            var member = (PropertyInfo)field.AttributeProvider!;
            var optional = IsOptional(member) ? ", may be missing" : string.Empty;
            var value = Value(field.PropertyType, parts) + optional;
            text.Append($"| `{field.Name}` | {value} | {Meaning(type, member)} |\n");
        }
    }

    private static bool IsOptional(PropertyInfo member) =>
        Nullable.GetUnderlyingType(member.PropertyType) is not null
        || new NullabilityInfoContext().Create(member).ReadState == NullabilityState.Nullable;

    private static string Value(Type type, SortedDictionary<string, Type> parts)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(Credits))
        {
            return "amount";
        }

        if (plain == typeof(LocalDate))
        {
            return "date";
        }

        if (plain == typeof(BilingualText))
        {
            return "text, zh and en";
        }

        if (plain == typeof(string))
        {
            return "text";
        }

        if (plain == typeof(bool))
        {
            return "true or false";
        }

        if (plain == typeof(int) || plain == typeof(long))
        {
            return "integer";
        }

        if (plain.IsGenericType && plain.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return $"object: {Value(plain.GenericTypeArguments[1], parts)} by text";
        }

        if (plain.IsGenericType)
        {
            return $"list of {Value(plain.GenericTypeArguments[0], parts)}";
        }

        Assert.Equal(RecordsNamespace, plain.Namespace);
        parts[plain.Name] = plain;
        return plain.Name;
    }

    private static string Meaning(Type type, PropertyInfo member)
    {
        if (Comments.TryGetValue($"P:{type.FullName}.{member.Name}", out var property))
        {
            return Plain(property.Element("summary")!);
        }

        var parameter = Comments[$"T:{type.FullName}"]
            .Elements("param")
            .FirstOrDefault(element => element.Attribute("name")!.Value == member.Name);
        return Plain(parameter ?? throw new InvalidOperationException($"{type.Name}.{member.Name} says nothing."));
    }

    private static string Summary(string member) => Plain(Comments[member].Element("summary")!);

    /// <summary>A comment as one line of Markdown.</summary>
    private static string Plain(XElement comment)
    {
        var words = string.Concat(comment.Nodes().Select(Node));
        return string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Node(XNode node) =>
        node switch
        {
            XText plain => plain.Value.Replace("|", "\\|", StringComparison.Ordinal),
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement element when (element.Attribute("cref") ?? element.Attribute("name")) is { Value: { } name } =>
                $"`{ShortName(name)}`",
            XElement element => element.Value,
            _ => string.Empty,
        };

    /// <summary>A field as it is stored, or a record by its name.</summary>
    private static string ShortName(string reference)
    {
        var last = reference.Split('(')[0].Split('.')[^1].Split(':')[^1];
        return reference.StartsWith("T:", StringComparison.Ordinal)
            ? last
            : JsonNamingPolicy.CamelCase.ConvertName(last);
    }
}
