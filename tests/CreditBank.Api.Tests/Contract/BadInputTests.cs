using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Access;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Contract;

/// <summary>
/// Breaks every field of every body, and every query parameter, in each way that people and programs break them. The
/// contract names the operations, so that a new one is tested without being asked for.
/// </summary>
public sealed class BadInputTests
{
    private static readonly string[] Values =
    [
        "null",
        "true",
        "[]",
        "{}",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"\\u202Egnirts\"",
        "\"\\uD842\\uDFB7𠮷\"",
        "\"\\uD800\"",
        $"\"{new string('字', 10_000)}\"",
        "0",
        "-1",
        "1.00005",
        "1000000000000",
        "1e400",
        "\"1899-12-31\"",
        "\"2999-01-01\"",
        "\"2024-02-30\"",
        "\"2026-01-31T08:00:00Z\"",
    ];

    private static readonly string[] Questions = ["", "%00", "-1", "1e9", "2024-02-30", "%E5%AD%97", "x' or 1=1 --"];

    [Fact]
    public async Task no_broken_body_is_a_fault_of_the_service()
    {
        var service = await TestService.SharedAsync();
        var caller = Everybody(service);
        var sent = 0;
        var faults = new List<string>();

        foreach (var (method, path, body) in Bodies())
        {
            foreach (var broken in Broken(body))
            {
                var reply = await Send(caller, method, path, broken);

                if ((int)reply.Status >= 500 || ((int)reply.Status >= 400 && reply.Code is null))
                {
                    faults.Add($"{method} {path} answers {reply.Status} to {Short(broken)}");
                }

                sent++;
            }
        }

        Assert.Empty(faults);
        Assert.True(sent > 1_000, $"Only {sent} bodies were sent.");
    }

    [Fact]
    public async Task no_odd_question_is_a_fault_of_the_service()
    {
        var service = await TestService.SharedAsync();
        var caller = Everybody(service);
        var faults = new List<string>();

        foreach (var (path, operation) in Operations("get"))
        {
            var names = (operation["parameters"]?.AsArray() ?? [])
                .Where(parameter => (string?)parameter!["in"] == "query")
                .Select(parameter => (string)parameter!["name"]!);
            foreach (var question in names.SelectMany(name => Questions.Select(value => $"{name}={value}")))
            {
                var reply = await caller.Get($"{path}?{question}");

                if ((int)reply.Status >= 500)
                {
                    faults.Add($"{path}?{question} answers {reply.Status}");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task a_read_that_knows_only_the_present_refuses_a_question_about_the_past()
    {
        var service = await TestService.SharedAsync();
        var caller = Everybody(service);
        (string Name, string Value)[] questions = [("knownAt", "2020-01-01T00:00:00Z"), ("effectiveOn", "2020-01-01")];
        var (answered, refused, faults) = (0, 0, new List<string>());

        foreach (var (path, operation) in Operations("get"))
        {
            var known = (operation["parameters"]?.AsArray() ?? []).Select(asked => (string?)asked!["name"]).ToHashSet();
            foreach (var (name, value) in questions)
            {
                var reply = await caller.Get($"{path}?{name}={value}");
                var isRefused = reply.MediaType == "application/problem+json" && reply.Code == "query.unsupported";
                (answered, refused) = known.Contains(name) ? (answered + 1, refused) : (answered, refused + 1);
                if (isRefused == known.Contains(name) || (isRefused && reply.Status != HttpStatusCode.BadRequest))
                {
                    faults.Add($"{path}?{name} answers {(int)reply.Status} {Short(reply.Text)}");
                }
                else if (isRefused && !reply.Text.Contains(name, Ordinal))
                {
                    faults.Add($"{path} does not name {name}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(answered >= 22 && refused > 60, $"{answered} are answered, {refused} refused.");
    }

    [Fact]
    public async Task what_is_unknown_is_not_found_whatever_is_asked_of_it()
    {
        var service = await TestService.SharedAsync();
        var caller = Everybody(service);

        var (asked, faults) = (0, new List<string>());
        foreach (var method in (string[])["get", "post", "put", "delete"])
        {
            foreach (var (path, operation) in Operations(method, named => named.Contains('{', Ordinal)))
            {
                if (MakesWhatItNames.Contains((string)operation["operationId"]!))
                {
                    continue;
                }

                var body = operation["requestBody"]?["content"]?["application/json"]?["example"] ?? new JsonObject();
                var reply = method switch
                {
                    "get" => await caller.Get(path),
                    "delete" => await caller.Delete(path),
                    _ => await Send(caller, method, path, body.ToJsonString()),
                };
                asked++;
                if (reply.Status != HttpStatusCode.NotFound || reply.Code is "path.unknown" or null)
                {
                    faults.Add($"{method} {path} answers {(int)reply.Status} {Short(reply.Text)}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(asked > 70, $"Only {asked} operations were asked.");
    }

    /// <summary>What is sent there is stored under the name of its content; there is nothing to find before.</summary>
    private static readonly string[] MakesWhatItNames = ["putEvidence"];

    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>Somebody with every role, so that nothing ends at the door.</summary>
    private static TestCaller Everybody(TestService service) =>
        service.As([.. CallerRoles.All], "nowhere", "acc-00-00000000000000000000", "everybody");

    private static async Task<Reply> Send(TestCaller caller, string method, string path, string body) =>
        method == "put" ? await caller.Put(path, body) : await caller.Post(path, body);

    private static IEnumerable<(string Method, string Path, JsonNode Body)> Bodies() =>
        from method in (string[])["post", "put"]
        from operation in Operations(method)
        let example = operation.Operation["requestBody"]?["content"]?["application/json"]?["example"]
        where example is not null
        select (method, operation.Path, example);

    private static IEnumerable<(string Path, JsonNode Operation)> Operations(
        string method,
        Func<string, bool>? isMeant = null
    )
    {
        var contract = JsonNode.Parse(File.ReadAllText(ApprovedContract.FilePath))!;
        return contract["paths"]!
            .AsObject()
            .Where(path => path.Value![method] is not null && isMeant?.Invoke(path.Key) != false)
            .Select(path => (Filled(path.Key), path.Value![method]!));
    }

    /// <summary>The path of things that are not there.</summary>
    private static string Filled(string path) =>
        string.Join('/', path.Split('/').Select(segment => segment.StartsWith('{') ? Unknown(segment) : segment));

    private static string Unknown(string segment) =>
        segment.Trim('{', '}') switch
        {
            "accountId" or "survivor" => "acc-00-00000000000000000000",
            "outcomeId" => "out-00-00000000000000000000",
            "claimId" => "clm-00-00000000000000000000",
            "transferId" => "trf-00-00000000000000000000",
            "awardId" => "awd-00-00000000000000000000",
            "portfolioId" => "rpl-00-00000000000000000000",
            "agreementId" => "agr-00-00000000000000000000",
            // The caller acts for it; it is registered nowhere.
            "institutionId" => "nowhere",
            "sha256" => new string('0', 64),
            "level" or "index" => "0",
            _ => "nothing",
        };

    /// <summary>The body with each of its values replaced, left out, or doubled.</summary>
    private static IEnumerable<string> Broken(JsonNode body)
    {
        yield return "";
        yield return "{";
        yield return "[]";
        yield return "null";
        foreach (var place in Places(body, []))
        {
            foreach (var value in Values)
            {
                yield return Replaced(body, place, value);
            }
        }
    }

    private static IEnumerable<object[]> Places(JsonNode node, object[] above)
    {
        var below = node switch
        {
            JsonObject members => members.Select(member => ((object)member.Key, member.Value)),
            JsonArray items => items.Index().Take(1).Select(item => ((object)item.Index, item.Item)),
            _ => [],
        };
        foreach (var (key, child) in below)
        {
            object[] place = [.. above, key];
            yield return place;
            foreach (var deeper in child is null ? [] : Places(child, place))
            {
                yield return deeper;
            }
        }
    }

    private static string Replaced(JsonNode body, object[] place, string value)
    {
        var marker = $"§{Guid.Empty}§";
        var copy = body.DeepClone();
        var parent = place[..^1].Aggregate(copy, (node, key) => key is int i ? node[i]! : node[(string)key]!);
        if (place[^1] is int index)
        {
            parent[index] = marker;
        }
        else
        {
            parent[(string)place[^1]] = marker;
        }

        return copy.ToJsonString(
                new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
            .Replace($"\"{marker}\"", value, Ordinal);
    }

    private static string Short(string text) => text.Length <= 160 ? text : text[..160] + "…";
}
