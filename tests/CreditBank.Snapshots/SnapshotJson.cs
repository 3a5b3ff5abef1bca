using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;

namespace CreditBank.Snapshots;

/// <summary>One way to write JSON: indented by two, LF, members in the order they came, numbers as written.</summary>
internal static partial class SnapshotJson
{
    private static readonly JsonSerializerOptions Formatting = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions ObjectsUsually = new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    }.ConfigureForNodaTime(DateTimeZoneProviders.Tzdb);

    public static JsonNode? ToNode(object? target, JsonSerializerOptions? options) =>
        JsonSerializer.SerializeToNode(target, options ?? ObjectsUsually);

    public static string Format(JsonNode? json) =>
        SurrogatePairs().Replace(json?.ToJsonString(Formatting) ?? "null", Unescaped);

    /// <summary>The same JSON with the named members' values hidden. The original stays as it is.</summary>
    public static JsonNode? ReplaceMembers(JsonNode? json, IReadOnlySet<string> names)
    {
        var copy = json?.DeepClone();
        if (names.Count > 0)
        {
            ReplaceInside(copy, names);
        }

        return copy;
    }

    private static void ReplaceInside(JsonNode? json, IReadOnlySet<string> names)
    {
        if (json is JsonArray array)
        {
            foreach (var item in array)
            {
                ReplaceInside(item, names);
            }
        }
        else if (json is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (names.Contains(name))
                {
                    members[name] = "{Scrubbed}";
                }
                else
                {
                    ReplaceInside(value, names);
                }
            }
        }
    }

    private static string Unescaped(Match match) =>
        match.Groups["high"].Success ? $"{Unit(match.Groups["high"])}{Unit(match.Groups["low"])}" : match.Value;

    private static char Unit(Group hex) => (char)ushort.Parse(hex.ValueSpan, NumberStyles.HexNumber, null);

    // No encoder of the framework leaves rare Hanzi beyond the basic plane readable. An escaped backslash is consumed
    // first, so that the text \uD842 itself is left alone.
    [GeneratedRegex(@"\\\\|\\u(?<high>D[89AB][0-9A-F]{2})\\u(?<low>D[C-F][0-9A-F]{2})", RegexOptions.IgnoreCase)]
    private static partial Regex SurrogatePairs();
}
