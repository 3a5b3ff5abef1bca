using System.Net;
using CreditBank.Api.Composition;
using CreditBank.Api.Expiry;
using CreditBank.Api.Health;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Erasure;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Tests.Expiry;

/// <summary>Terms that the operator chose, and what waits past them.</summary>
public sealed class DeadlinesTests
{
    private const string Maths = TransferScene.Maths;
    private readonly TestClock clock = new();

    private LocalDate Today => BankCalendar.DayOf(clock.GetCurrentInstant());

    [Fact]
    public async Task an_appeal_is_late_and_overdue_after_the_days_that_the_operator_chose()
    {
        await using var service = await Start(settings =>
            settings with
            {
                Transfers = new TransferTerms { AppealDays = 3, AppealAnswerDays = 5 },
            }
        );
        var scene = await TransferScene.Open(service, "terms", Maths);
        var (path, late) = (await Rejected(scene), await Rejected(scene));
        clock.Advance(3);
        var filed = (await scene.Learner.Post($"{path}/appeals", new { reason = "大纲相同" })).Expect(
            HttpStatusCode.Created
        );
        clock.Advance(1);
        var refused = await scene.Learner.Post($"{late}/appeals", new { reason = "迟" });

        Assert.Equal("appeal.late", refused.Expect(HttpStatusCode.UnprocessableEntity).Code);
        Assert.Equal(Today.PlusDays(4), Day(filed, "answerDueOn"));
        var panel = service.As("panel", "shou", subject: "panel");
        clock.Advance(4);
        Assert.Empty(await Overdue(panel, "/v1/appeals", "transferId"));
        Assert.Equal(0, (await Counted(service, scene)).Appeals);
        clock.Advance(1);
        Assert.Equal([path.Split('/')[^1]], await Overdue(panel, "/v1/appeals", "transferId"));
        Assert.Equal(new OverdueCount(0, 0, 1), await Counted(service, scene));

        var admit = new { decision = "admit", reason = "受理" };
        (await panel.Post($"{path}/appeals/{filed.Json["appealId"]}/answer", admit)).Expect(HttpStatusCode.OK);

        Assert.Empty(await Overdue(panel, "/v1/appeals", "transferId"));
        Assert.Equal(new OverdueCount(0, 0, 0), await Counted(service, scene));
    }

    [Fact]
    public async Task an_application_for_prior_learning_is_due_by_the_operators_working_days_and_overdue_after_them()
    {
        var off = $"{Today.PlusDays(1):uuuu-MM-dd},{Today.PlusDays(20):uuuu-MM-dd},off,x";
        var calendar = WorkingCalendar.Read(new StringReader(off));
        await using var service = await Start(settings => settings with { Calendar = calendar });
        var scene = await TransferScene.Open(service, "terms-rpl");
        var application = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            statement = "在岗六年",
            evidence = new[] { await ErasedMattersTests.Upload(scene, "own") },
        };
        var submitted = (await scene.Learner.Post("/v1/prior-learning", application)).Expect(HttpStatusCode.Created);
        var id = (string)submitted.Json["portfolioId"]!;
        var due = Day(submitted, "dueOn");

        Assert.Equal(calendar.DueOn(Today, 15), due);
        Assert.NotEqual(WorkingCalendar.Shanghai.DueOn(Today, 15), due);
        clock.Advance(NodaTime.Period.DaysBetween(Today, due));
        Assert.Empty(await Overdue(scene.Evaluator, "/v1/prior-learning", "portfolioId"));
        clock.Advance(1);
        Assert.Equal([id], await Overdue(scene.Evaluator, "/v1/prior-learning", "portfolioId"));
        var nothing = new { method = "portfolio", reason = "所示不足" };
        (await scene.Evaluator.Post($"/v1/prior-learning/{id}/assessment", nothing)).Expect(HttpStatusCode.OK);
        Assert.Equal([id], await Overdue(scene.Learner, "/v1/prior-learning", "portfolioId"));
        Assert.Equal(new OverdueCount(0, 1, 0), await Counted(service, scene));
        var refusal = new { decision = "refuse", reason = "不予认定" };
        (await scene.Approver.Post($"/v1/prior-learning/{id}/decision", refusal)).Expect(HttpStatusCode.OK);

        Assert.Empty(await Overdue(scene.Evaluator, "/v1/prior-learning", "portfolioId"));
        Assert.Equal(new OverdueCount(0, 0, 0), await Counted(service, scene));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public async Task the_end_of_the_working_calendar_is_told_sixty_days_ahead(int daysAhead, bool isTold)
    {
        var end = new LocalDate(2040, 12, 31);
        clock.Advance(NodaTime.Period.DaysBetween(Today, end.PlusDays(-daysAhead)));
        var calendar = WorkingCalendar.Read(new StringReader("2040-05-01,2040-05-01,off,Labour Day"));
        var log = new Written();
        var health = new CalendarHealth(calendar, clock, log);

        await health.StartAsync(CancellationToken.None);
        var result = await health.CheckHealthAsync(new(), CancellationToken.None);

        Assert.Equal(isTold ? 1 : 0, log.Warnings.Count);
        Assert.All(log.Warnings, warning => Assert.Equal(warning, result.Description));
        Assert.Contains("2040-12-31", result.Description);
    }

    [Fact]
    public async Task health_tells_how_far_the_working_calendar_reaches()
    {
        var service = await TestService.SharedAsync();

        var ready = (await service.Anonymous().Get("/health/ready")).Expect(HttpStatusCode.OK);

        var end = $"{WorkingCalendar.Shanghai.EndsOn:uuuu-MM-dd}";
        Assert.Contains(end, (string?)ready.Json["checks"]!["calendar"]!["description"]);
    }

    private async Task<TestService> Start(Func<ServiceSettings, ServiceSettings> settings)
    {
        var service = await TestService.StartAsync(settings, services => services.AddSingleton<IClock>(clock));
        await TransferScene.Register(service);
        return service;
    }

    private Task<OverdueCount> Counted(TestService service, TransferScene scene) =>
        service
            .Services.GetRequiredService<Deadlines>()
            .CountAsync(
                service.Services.GetRequiredService<LedgerBooks>().BookOf(scene.Account),
                Today,
                CancellationToken.None
            );

    private static LocalDate Day(Reply reply, string member) =>
        LocalDatePattern.Iso.Parse((string)reply.Json[member]!).Value;

    private static async Task<string> Rejected(TransferScene scene)
    {
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
        (await scene.Approver.Post($"{path}/rejection", new { reason = "材料不全" })).Expect(HttpStatusCode.OK);
        return path;
    }

    private static async Task<string[]> Overdue(TestCaller caller, string path, string member)
    {
        var found = (await caller.Get($"{path}?overdue=true")).Expect(HttpStatusCode.OK);
        return [.. found.Json["items"]!.AsArray().Select(item => (string)item![member]!)];
    }

    private sealed class Written : ILogger<CalendarHealth>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Warnings.Add(formatter(state, exception));
    }
}
