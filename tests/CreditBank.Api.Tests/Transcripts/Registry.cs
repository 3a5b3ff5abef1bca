using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Transcripts;

/// <summary>A university's registry with an institution of its own, and the bodies it sends.</summary>
internal sealed class Registry
{
    private Registry(TestService service, string institutionId)
    {
        Service = service;
        InstitutionId = institutionId;
        Caller = service.As("registry", institutionId);
    }

    public TestService Service { get; }

    public string InstitutionId { get; }

    public TestCaller Caller { get; }

    public static Task<Registry> At(string institutionId, IReadOnlyList<string>? kinds = null) =>
        TestService.SharedAsync().ContinueWith(shared => At(shared.Result, institutionId, kinds)).Unwrap();

    public static async Task<Registry> At(
        TestService service,
        string institutionId,
        IReadOnlyList<string>? kinds = null
    )
    {
        var body = Sample.Institution(institutionId, kinds: kinds);
        (await service.As("operator").Post("/v1/institutions", body)).Expect(HttpStatusCode.Created);
        return new Registry(service, institutionId);
    }

    /// <summary>The same registry, at a service that was started again.</summary>
    public static Registry Again(TestService service, string institutionId) => new(service, institutionId);

    /// <summary>A record that is right; change what the test is about.</summary>
    public JsonObject Record(string recordId, string student = "s-1", string? name = null)
    {
        var record = JsonSerializer
            .SerializeToNode(
                new
                {
                    recordId,
                    revision = 1,
                    learner = new { identity = Identity(student) },
                    kind = "academicCourse",
                    courseCode = "MATH101",
                    title = "高等数学",
                    credits = 3,
                    unit = "cn-credit",
                    level = 6,
                    result = "passed",
                    grade = new { scale = "percent", value = "86" },
                    startedOn = "2024-02-26",
                    completedOn = "2024-06-28",
                }
            )!
            .AsObject();
        if (name is not null)
        {
            record["learner"]!["name"] = name;
        }

        return record;
    }

    public object Identity(string student) =>
        new
        {
            type = "institutional",
            number = student,
            institutionId = InstitutionId,
        };

    public async Task<string> Open(string student, string name = "李明")
    {
        var reply = await Caller.Post("/v1/accounts", new { identity = Identity(student), name });
        return reply.Expect(HttpStatusCode.Created).Json["accountId"]!.GetValue<string>();
    }

    public Task<Reply> Post(string reference, bool openAccounts, params JsonObject[] records) =>
        Caller.Post(
            "/v1/transcripts",
            new
            {
                institutionId = InstitutionId,
                reference,
                term = "2024-spring",
                openAccounts,
                records,
            }
        );

    public Task<Reply> PostLines(string reference, int rowCount, params IEnumerable<string> lines) =>
        Caller.PostRaw(
            "/v1/transcripts",
            string.Join('\n', [Header(reference, rowCount), .. lines]),
            "application/x-ndjson"
        );

    public string Header(string reference, int rowCount, string term = "2024-spring") =>
        JsonSerializer.Serialize(
            new
            {
                institutionId = InstitutionId,
                reference,
                term,
                rowCount,
                openAccounts = true,
            }
        );

    public static string Line(JsonObject record) => record.ToJsonString(JsonSerializerOptions.Web);
}

internal static class AnswerReading
{
    public static JsonNode Record(this Reply reply, int index = 0) => reply.Json["records"]![index]!;

    public static string Status(this JsonNode record) => record["status"]!.GetValue<string>();

    public static string? Problem(this JsonNode record) => record["problem"]?["code"]?.GetValue<string>();

    public static string? OutcomeId(this JsonNode record) => record["outcomeId"]?.GetValue<string>();

    public static (int Accepted, int Duplicates, int Suspended, int Rejected) Counts(this Reply reply) =>
        (
            reply.Json["accepted"]!.GetValue<int>(),
            reply.Json["duplicates"]!.GetValue<int>(),
            reply.Json["suspended"]!.GetValue<int>(),
            reply.Json["rejected"]!.GetValue<int>()
        );
}
