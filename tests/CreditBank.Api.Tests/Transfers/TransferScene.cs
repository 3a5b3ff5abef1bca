using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Ledger.Events;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Transfers;

/// <summary>
/// A learner with outcomes at Fudan who asks for credit of a programme of the open university. The institutions
/// carry the
/// ids that the shipped rule set names, so all tests share them; programme and learner are each test's own.
/// </summary>
internal sealed class TransferScene
{
    /// <summary>Matches SHOU-MATH: 5 credits become 4.</summary>
    public const string Maths = "MATH120021";

    /// <summary>Matches SHOU-PROG: 3 credits become 3.</summary>
    public const string Programming = "COMP110042";

    /// <summary>May become SHOU-DB: the similarity is below the minimum.</summary>
    public const string Databases = "COMP130010";

    /// <summary>No rule names it.</summary>
    public const string Philosophy = "PHIL110";

    private const string Receiver = "shou";
    private const string Issuer = "fudan";
    private static readonly Lazy<Task> Institutions = new(RegisterInstitutions);

    private TransferScene(TestService service, string id)
    {
        Service = service;
        ProgrammeId = id;
    }

    public TestService Service { get; }

    public string ProgrammeId { get; }

    public string Account { get; private set; } = string.Empty;

    /// <summary>The kind and the day of what is deposited.</summary>
    public (string Kind, string CompletedOn) Record { get; set; } = ("academicCourse", "2024-01-10");

    /// <summary>The ids of the outcomes by course code.</summary>
    public Dictionary<string, string> Outcomes { get; } = [];

    public TestCaller Learner => Service.As("learner", account: Account);

    public TestCaller Evaluator => Service.As("evaluator", Receiver, subject: "evaluator");

    public TestCaller Approver => Service.As("approver", Receiver, subject: "approver");

    public static async Task<TransferScene> Open(string id, params string[] courses)
    {
        await Institutions.Value;
        return await Open(await TestService.SharedAsync(), id, courses);
    }

    /// <summary>The same on a service whose institutions are registered.</summary>
    public static async Task<TransferScene> Open(TestService service, string id, params string[] courses)
    {
        var scene = new TransferScene(service, id);
        await scene.PublishProgramme(70);
        scene.Account = await scene.OpenAccount(id);
        if (courses.Length > 0)
        {
            await scene.Deposit(courses);
        }

        return scene;
    }

    public async Task PublishProgramme(int totalCredits, string ruleSetFamily = "sqf")
    {
        object[] courses =
        [
            Course("SHOU-MATH", 4, "foundation"),
            Course("SHOU-ENG", 4, "foundation"),
            Course("SHOU-PROG", 3, "core"),
            Course("SHOU-DB", 3, "core"),
            Course("SHOU-PHIL", 2, "foundation"),
        ];
        var body = new
        {
            title = "计算机科学与技术（专升本）",
            level = 5,
            totalCredits,
            ruleSetFamily,
            courses,
        };
        var path = $"/v1/institutions/{Receiver}/programmes/{ProgrammeId}";
        var published = await Service.As("registry", Receiver).Put(path, body);
        Assert.True(published.Status is HttpStatusCode.OK or HttpStatusCode.Created, published.Text);
    }

    public async Task Deposit(params string[] courses)
    {
        var records = courses.Select(course => new
        {
            recordId = $"{ProgrammeId}-{course}",
            revision = 1,
            learner = new { accountId = Account },
            kind = Record.Kind,
            courseCode = course,
            title = course,
            credits = course switch
            {
                Maths => 5,
                Philosophy => 2,
                _ => 3,
            },
            unit = "cn-credit",
            level = 5,
            result = "passed",
            grade = new { scale = "percent", value = "91" },
            completedOn = Record.CompletedOn,
        });
        var body = new
        {
            institutionId = Issuer,
            reference = $"{ProgrammeId}-{Outcomes.Count}",
            term = "2023-1",
            records,
        };
        var posted = (await Service.As("registry", Issuer).Post("/v1/transcripts", body)).Expect(HttpStatusCode.OK);
        foreach (var (course, row) in courses.Zip(posted.Json["records"]!.AsArray()))
        {
            Assert.Equal("accepted", (string?)row!["status"]);
            Outcomes[course] = (string)row["outcomeId"]!;
        }
    }

    public object Request(params string[] courses) =>
        new
        {
            accountId = Account,
            institutionId = Receiver,
            programmeId = ProgrammeId,
            outcomeIds = courses.Length == 0 ? null : courses.Select(course => Outcomes[course]).ToArray(),
        };

    /// <summary>Submits, and gives the transfer as it was answered.</summary>
    public async Task<JsonNode> Submit(params string[] courses) =>
        (await Learner.Post("/v1/transfers", Request(courses))).Expect(HttpStatusCode.Created).Json;

    /// <summary>The number of the line of a course's outcome.</summary>
    public int LineOf(JsonNode transfer, string course) =>
        (int)
            transfer["proposal"]!["lines"]!
                .AsArray()
                .Single(line => (string?)line!["outcomeIds"]![0] == Outcomes[course])!["line"]!;

    /// <summary>The account as its events say.</summary>
    public async Task<Account> Ledger()
    {
        var books = Service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(books.BookOf(Account));
        return (await session.Events.AggregateStreamAsync<Account>(Account))!;
    }

    /// <summary>Where an outcome's credit is: available, held, converted, forfeited.</summary>
    public async Task<string> Position(string course)
    {
        var position = (await Ledger()).Outcomes[Outcomes[course]];
        Worth[] places = [position.Available, position.Held, position.Converted, position.Forfeited];
        return string.Join('/', places.Select(place => place.Amount));
    }

    public async Task<string> OpenAccount(string number)
    {
        var identity = new
        {
            type = "institutional",
            number,
            institutionId = Issuer,
        };
        var opened = await Service.As("operator").Post("/v1/accounts", new { identity, name = "张三" });
        return (string)opened.Expect(HttpStatusCode.Created).Json["accountId"]!;
    }

    private static object Course(string courseCode, int credits, string category) =>
        new
        {
            courseCode,
            title = courseCode,
            credits,
            category,
            compulsory = true,
        };

    private static async Task RegisterInstitutions() => await Register(await TestService.SharedAsync());

    /// <summary>Registers the institutions on a service of a test's own.</summary>
    public static async Task Register(TestService service)
    {
        foreach (var id in (string[])[Issuer, Receiver])
        {
            var reply = await service.As("operator").Post("/v1/institutions", Sample.Institution(id));
            Assert.True(reply.Status is HttpStatusCode.Created or HttpStatusCode.Conflict, reply.Text);
        }
    }
}
