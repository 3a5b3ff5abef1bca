using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.Awards;

/// <summary>
/// A learner with 4 credits of a programme of 8 from a conversion, and two courses of 4 studied at its institution.
/// </summary>
internal sealed class AwardScene
{
    private AwardScene(TransferScene transfers) => Transfers = transfers;

    public TransferScene Transfers { get; }

    public string Account => Transfers.Account;

    public string TransferId { get; private set; } = string.Empty;

    public List<string> OwnOutcomes { get; } = [];

    public TestCaller Approver => Transfers.Approver;

    public TestCaller Other => Transfers.Service.As("approver", "shou", subject: "another-approver");

    public static async Task<AwardScene> Open(string id, params string[] ownCourses) =>
        await Open(await TransferScene.Open(id, TransferScene.Maths), ownCourses);

    /// <summary>The same on a service whose institutions are registered.</summary>
    public static async Task<AwardScene> Open(TestService service, string id, params string[] ownCourses) =>
        await Open(await TransferScene.Open(service, id, TransferScene.Maths), ownCourses);

    private static async Task<AwardScene> Open(TransferScene transfers, string[] ownCourses)
    {
        var scene = new AwardScene(transfers);
        await scene.Transfers.PublishProgramme(8);
        var transfer = await scene.Transfers.Submit(TransferScene.Maths);
        scene.TransferId = (string)transfer["transferId"]!;
        (await scene.Approver.Post($"/v1/transfers/{scene.TransferId}/approval", new { })).Expect(HttpStatusCode.OK);
        foreach (var course in ownCourses)
        {
            await scene.Study(course);
        }

        return scene;
    }

    public object Request(string? enrolledOn = "2022-09-01", params string[] outcomeIds) =>
        new
        {
            accountId = Account,
            institutionId = "shou",
            programmeId = Transfers.ProgrammeId,
            enrolledOn,
            outcomeIds = outcomeIds.Length == 0 ? null : outcomeIds,
        };

    public async Task<JsonNode> Confer() =>
        (await Approver.Post("/v1/awards", Request())).Expect(HttpStatusCode.Created).Json;

    public async Task<JsonNode> Award(string awardId) =>
        (await Transfers.Learner.Get($"/v1/awards/{awardId}")).Expect(HttpStatusCode.OK).Json;

    private async Task Study(string course)
    {
        var record = new
        {
            recordId = $"{Transfers.ProgrammeId}-{course}",
            revision = 1,
            learner = new { accountId = Account },
            kind = "academicCourse",
            courseCode = course,
            title = course,
            credits = 4,
            unit = "cn-credit",
            level = 5,
            result = "passed",
            completedOn = "2024-01-10",
        };
        var body = new
        {
            institutionId = "shou",
            reference = $"{Transfers.ProgrammeId}-{course}",
            term = "2023-1",
            records = new[] { record },
        };
        var posted = await Transfers.Service.As("registry", "shou").Post("/v1/transcripts", body);
        OwnOutcomes.Add((string)posted.Expect(HttpStatusCode.OK).Json["records"]![0]!["outcomeId"]!);
    }
}
