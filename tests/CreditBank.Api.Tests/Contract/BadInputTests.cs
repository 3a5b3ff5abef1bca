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
    public async Task what_is_unknown_is_not_found_whatever_is_asked_of_it()
    {
        var service = await TestService.SharedAsync();
        var caller = Everybody(service);

        foreach (var (method, path, body) in Bodies().Where(operation => operation.Path.Contains("-00-", Ordinal)))
        {
            var reply = await Send(caller, method, path, body.ToJsonString());

            Assert.True(
                reply.Status == HttpStatusCode.NotFound,
                $"{method} {path} answers {reply.Status} {reply.Text}"
            );
        }
    }

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

    private static IEnumerable<(string Path, JsonNode Operation)> Operations(string method)
    {
        var contract = JsonNode.Parse(File.ReadAllText(ApprovedContract.FilePath))!;
        return contract["paths"]!
            .AsObject()
            .Where(path => path.Value![method] is not null)
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
