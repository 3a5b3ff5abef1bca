using System.Net;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditBank.Api.Access;
using CreditBank.Api.Tests.Support;
using NodaTime;

namespace CreditBank.Api.Tests.Campaigns;

/// <summary>
/// Registries, learners and approvers who write until they are told to stop, whatever happens to the service. What gets
/// no answer is sent again, or left in doubt, as the seed says.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class Load(KilledService service, WriteJournal journal, int seed) : IDisposable
{
    private const string Issuer = "fudan";
    private const string Receiver = "shou";
    private const string Maths = "MATH120021";

    private readonly HttpClient client = new() { BaseAddress = service.Address, Timeout = TimeSpan.FromSeconds(30) };
    private readonly List<string> accounts = [];

    /// <summary>What must be there before writing begins.</summary>
    public async Task PrepareAsync()
    {
        foreach (var id in (string[])[Issuer, Receiver])
        {
            await Must("operator", null, HttpMethod.Post, "/v1/institutions", Sample.Institution(id));
        }

        var course = new
        {
            courseCode = "SHOU-MATH",
            title = "Maths",
            credits = 4,
            category = "core",
            compulsory = true,
        };
        var programme = new
        {
            title = "Campaign",
            level = 5,
            totalCredits = 70,
            ruleSetFamily = "sqf",
            courses = new[] { course },
        };
        await Must("registry", Receiver, HttpMethod.Put, $"/v1/institutions/{Receiver}/programmes/campaign", programme);
        for (var number = 0; number < 12; number++)
        {
            var opened = await Must("operator", null, HttpMethod.Post, "/v1/accounts", Person($"pool-{number}"));
            accounts.Add((string)opened["accountId"]!);
        }
    }

    /// <summary>One writer, until it is told to stop.</summary>
    public async Task WriteAsync(int writer, CancellationToken stopping)
    {
        var random = new Random(HashCode.Combine(seed, writer));
        for (var number = 0; !stopping.IsCancellationRequested; number++)
        {
            var name = $"w{writer}-{number}";
            Task writing = ((writer + number) % 4) switch
            {
                0 => Transcript(random, name),
                1 => Lines(random, name),
                2 => Claim(random, name),
                _ => Transfer(random, name),
            };
            await writing;
        }
    }

    private Task<JsonNode?> Transcript(Random random, string name)
    {
        // Half of them go to one account, where those that come at once are committed together.
        var account = random.Next(2) == 0 ? accounts[0] : null;
        var records = Enumerable
            .Range(0, 5)
            .Select(row => Row(random, $"{name}-{row}", "COMP110042", account))
            .ToArray();
        var body = new
        {
            institutionId = Issuer,
            reference = name,
            term = "2023-1",
            records,
        };
        var keys = records.Select(record => "outcome " + (string)record["recordId"]!).ToList();
        return Send(random, new Write("transcript", name, keys, true), "registry", "/v1/transcripts", body);
    }

    private Task<JsonNode?> Lines(Random random, string name)
    {
        var records = Enumerable.Range(0, 40).Select(row => Row(random, $"{name}-{row}", "COMP130010")).ToArray();
        var header = new
        {
            institutionId = Issuer,
            reference = name,
            term = "2023-1",
            rowCount = records.Length,
        };
        var lines = records.Select(record => record.ToJsonString()).Prepend(JsonSerializer.Serialize(header));
        var keys = records.Select(record => "outcome " + (string)record["recordId"]!).ToList();
        return Send(
            random,
            new Write("lines", name, keys, false),
            "registry",
            "/v1/transcripts",
            string.Join('\n', lines)
        );
    }

    private Task<JsonNode?> Claim(Random random, string name)
    {
        var body = new
        {
            providerId = Issuer,
            recordId = name,
            learner = new { accountId = accounts[random.Next(accounts.Count)] },
            kind = "xCertificate",
            certificate = new
            {
                number = "N-" + name,
                code = "web-frontend",
                title = "Web",
                level = "intermediate",
                issuerId = Issuer,
                issuedOn = "2025-06-30",
            },
            evidence = Array.Empty<object>(),
        };
        return Send(
            random,
            new Write("claim", name, ["claim " + name], true),
            "provider",
            "/v1/certificate-claims",
            body
        );
    }

    /// <summary>A learner of one's own: account, record, transfer, approval, each a write by itself.</summary>
    private async Task Transfer(Random random, string name)
    {
        var opening = new Write("account", name + "-account", [], true);
        if (await Send(random, opening, "operator", "/v1/accounts", Person(name)) is not { } opened)
        {
            return;
        }

        var account = (string)opened["accountId"]!;
        var record = Row(random, name + "-maths", Maths);
        record["learner"] = new JsonObject { ["accountId"] = account };
        var body = new
        {
            institutionId = Issuer,
            reference = name,
            term = "2023-1",
            records = new[] { record },
        };
        var deposit = new Write("transcript", name, [$"outcome {name}-maths"], true);
        if (await Send(random, deposit, "registry", "/v1/transcripts", body) is null)
        {
            return;
        }

        var request = new
        {
            accountId = account,
            institutionId = Receiver,
            programmeId = "campaign",
        };
        var submission = new Write("transfer", name + "-transfer", [$"transfer of {account}"], true);
        if (await Send(random, submission, "learner", "/v1/transfers", request, account) is { } submitted)
        {
            var path = $"/v1/transfers/{submitted["transferId"]}/approval";
            var approval = new Write("approval", name + "-approval", [$"approval {submitted["transferId"]}"], true);
            await Send(random, approval, "approver", path, new { });
        }
    }

    private JsonObject Row(Random random, string recordId, string courseCode, string? account = null) =>
        new()
        {
            ["recordId"] = recordId,
            ["revision"] = 1,
            ["learner"] = new JsonObject { ["accountId"] = account ?? accounts[random.Next(accounts.Count)] },
            ["kind"] = "academicCourse",
            ["courseCode"] = courseCode,
            ["title"] = courseCode,
            ["credits"] = courseCode == Maths ? 5 : 3,
            ["unit"] = "cn-credit",
            ["level"] = 5,
            ["result"] = "passed",
            ["grade"] = new JsonObject { ["scale"] = "percent", ["value"] = "91" },
            ["completedOn"] = "2024-01-10",
        };

    private static object Person(string number) =>
        new
        {
            identity = new
            {
                type = "institutional",
                number,
                institutionId = Issuer,
            },
            name = "张三",
        };

    /// <summary>Sends a write until it is answered, or leaves it in doubt.</summary>
    /// <returns>The answer; none when it was left.</returns>
    private async Task<JsonNode?> Send(
        Random random,
        Write write,
        string role,
        string path,
        object body,
        string? account = null
    )
    {
        while (true)
        {
            journal.Sending(write);
            var (status, text) = await Try(role, path, body, write.Id, account);
            if ((int?)status is 200 or 201 or 202)
            {
                journal.Answered(write);
                return JsonNode.Parse(text)!;
            }

            if (status is not (null or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict))
            {
                journal.Surprise($"{write.Kind} {write.Id}: {(int)status} {text}");
                return null;
            }

            if (random.Next(3) == 0)
            {
                return null;
            }

            await Life();
        }
    }

    /// <summary>Waits until the service answers again.</summary>
    private async Task Life() =>
        await Eventually.Get<object>(async () =>
        {
            try
            {
                using var alive = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
                return alive;
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
            {
                return null;
            }
        });

    private async Task<(HttpStatusCode? Status, string Text)> Try(
        string role,
        string path,
        object body,
        string key,
        string? account
    )
    {
        try
        {
            var institution = role is "approver" ? Receiver : Issuer;
            using var request = Request(role, institution, HttpMethod.Post, path, body, account);
            request.Headers.Add("Idempotency-Key", key);
            using var response = await client.SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException or IOException)
        {
            return (null, lost.Message);
        }
    }

    private async Task<JsonNode> Must(string role, string? institution, HttpMethod method, string path, object body)
    {
        using var request = Request(role, institution, method, path, body, null);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private HttpRequestMessage Request(
        string role,
        string? institution,
        HttpMethod method,
        string path,
        object body,
        string? account
    )
    {
        var asked = new IssueDevelopmentToken
        {
            Roles = [role],
            Institution = role is "learner" ? null : institution,
            Account = account,
            Subject = role,
        };
        var token = IssueDevelopmentTokenEndpoint.Sign(asked, service.Keys, SystemClock.Instance.GetCurrentInstant());
        var isLines = body is string;
        var json = body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web);
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(json, Encoding.UTF8),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(
            isLines ? "application/x-ndjson" : "application/json"
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
        return request;
    }

    /// <summary>Asks for something that a durable message brings about, and gives the path of its answer.</summary>
    public async Task<string> StartReplayAsync() =>
        "/v1/audit/replays/"
        + (string)(await Must("auditor", null, HttpMethod.Post, "/v1/audit/replays", new { }))["replayId"]!;

    /// <summary>What an auditor reads.</summary>
    public async Task<JsonNode> ReadAsync(string path)
    {
        using var request = Request("auditor", null, HttpMethod.Get, path, new { }, null);
        request.Content = null;
        using var response = await client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public void Dispose() => client.Dispose();
}
