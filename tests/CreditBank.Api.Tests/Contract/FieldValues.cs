using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Contract;

/// <summary>A command on things that are there, and the places in its body by what stands there.</summary>
internal sealed record Target(string Name, Func<JsonObject> Body, Func<JsonObject, Task<Reply>> Send)
{
    /// <summary>Pointers of amounts that must be more than nothing.</summary>
    public IReadOnlyList<string> Amounts { get; init; } = [];

    /// <summary>Pointers of amounts that may be nothing.</summary>
    public IReadOnlyList<string> AmountsOrZero { get; init; } = [];

    /// <summary>Pointers of days that have come.</summary>
    public IReadOnlyList<string> PastDays { get; init; } = [];

    /// <summary>Pointers of days that are still to come.</summary>
    public IReadOnlyList<string> ComingDays { get; init; } = [];

    /// <summary>Pointers of days that may be either.</summary>
    public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>A day's pointer, a value, and the pointer at which it is wrong beside the rest of the body.</summary>
    public IReadOnlyList<(string Pointer, string Value, string Wrong)> Periods { get; init; } = [];

    /// <summary>Pointers of people's words and names of things.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Pointers of words that are sealed and shown to nobody.</summary>
    public IReadOnlyList<string> SealedTexts { get; init; } = [];

    /// <summary>What is shown afterwards, given the answer; the answer itself unless said.</summary>
    public Func<Reply, Task<JsonNode>> Shown { get; init; } = reply => Task.FromResult(reply.Json);
}

/// <summary>Sends values to places of targets.</summary>
internal static class FieldValues
{
    /// <summary>What is refused where a text stands: too long, NUL, marks that turn the direction of writing.</summary>
    public static readonly IReadOnlyList<string> WrongTexts =
    [
        new('字', 10_000),
        "a\0b",
        "abc\u202Egnp",
        "a\u200Fb",
        "a\u2067b",
        "a\u061Cb",
        "a\u0007b",
        "   ",
    ];

    /// <summary>Every value that must be refused at a place: pointer, value, and where the answer points.</summary>
    public static IEnumerable<(string Pointer, JsonNode Value, string Wrong)> WrongIn(Target target)
    {
        string[] never = ["-1", "-0.0001", "1000000000000", "1.00005"];
        string[] old = ["1899-12-31", "0001-01-01"];
        return
        [
            .. Numbers(target.Amounts, [.. never, "0", "0.0000"]),
            .. Numbers(target.AmountsOrZero, never),
            .. Values(target.PastDays, [.. old, "2999-01-01", "9999-12-31"]),
            .. Values(target.ComingDays, [.. old, "2020-01-01"]),
            .. Values(target.Days, old),
            .. target.Periods.Select(one => (one.Pointer, (JsonNode)JsonValue.Create(one.Value), one.Wrong)),
            .. target
                .Texts.Concat(target.SealedTexts)
                .SelectMany(_ => WrongTexts, (at, text) => (at, (JsonNode)JsonValue.Create(text), at)),
        ];
    }

    /// <summary>Whether an answer refuses and points at the place.</summary>
    public static bool Refuses(Reply reply, string pointer)
    {
        if (reply.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
        {
            return PointsAt(reply.Json, pointer);
        }

        return reply.Status == HttpStatusCode.OK
            && reply.Json["records"]?[0] is { } row
            && (string?)row["status"] == "rejected"
            && PointsAt(row["problem"]!, pointer[(pointer.IndexOf('/', "/records/".Length))..]);
    }

    /// <summary>Whether a command was taken.</summary>
    public static bool Takes(Reply reply) =>
        reply.Status is HttpStatusCode.OK or HttpStatusCode.Created
        && (reply.Json["records"]?[0] is not { } row || (string?)row["status"] == "accepted");

    /// <summary>The body with another value at a place.</summary>
    public static JsonObject With(JsonObject body, string pointer, JsonNode value)
    {
        var parts = pointer[1..].Split('/');
        var at = parts[..^1].Aggregate((JsonNode)body, Step);
        if (at is JsonArray list)
        {
            list[int.Parse(parts[^1], CultureInfo.InvariantCulture)] = value.DeepClone();
        }
        else
        {
            at[parts[^1]] = value.DeepClone();
        }

        return body;
    }

    /// <summary>Every text in a document.</summary>
    public static IEnumerable<string> TextsIn(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(member => TextsIn(member.Value)),
            JsonArray items => items.SelectMany(TextsIn),
            JsonValue value when value.TryGetValue<string>(out var text) => [text],
            _ => [],
        };

    private static JsonNode Step(JsonNode node, string part) =>
        node is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)]! : node[part]!;

    private static bool PointsAt(JsonNode problem, string pointer) =>
        problem["errors"]?.AsArray().Any(error => (string?)error!["pointer"] == pointer) == true;

    private static IEnumerable<(string Pointer, JsonNode Value, string Wrong)> Numbers(
        IReadOnlyList<string> pointers,
        string[] values
    ) => pointers.SelectMany(_ => values, (pointer, value) => (pointer, JsonNode.Parse(value)!, pointer));

    private static IEnumerable<(string Pointer, JsonNode Value, string Wrong)> Values(
        IEnumerable<string> pointers,
        IEnumerable<string> values
    ) => pointers.SelectMany(_ => values, (pointer, value) => (pointer, (JsonNode)JsonValue.Create(value), pointer));
}
