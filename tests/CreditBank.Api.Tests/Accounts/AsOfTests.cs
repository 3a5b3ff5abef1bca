using System.Net;
using CreditBank.Api.Accounts;
using CreditBank.Api.Tests.Lives;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Journal;
using NodaTime;

namespace CreditBank.Api.Tests.Accounts;

/// <summary>
/// Every read of an account answers about a past instant what it answered at that instant, whatever came later:
/// backdated deposits, corrections, revocations, transfers.
/// </summary>
public sealed class AsOfTests
{
    private static readonly string[] Views = ["", "/outcomes", "/balances", "/statement", "/history", "/transfers"];
    private static readonly string[] Days = ["", "2020-01-01", "2024-03-01", "2025-01-01"];

    [Fact]
    public async Task a_past_instant_is_answered_as_it_was_answered_then()
    {
        var scene = await TransferScene.Open("as-of", TransferScene.Maths, TransferScene.Programming);
        var remembered = new List<(string At, Dictionary<string, string> Answers)>();
        foreach (var step in Steps(scene))
        {
            await step();
            remembered.Add((await ReadAccountTests.Settled(scene.Service, scene.Account), await Answers(scene, null)));
        }

        foreach (var (at, answers) in remembered)
        {
            var now = await Answers(scene, at);
            Assert.All(answers, answer => Assert.Equal((answer.Key, answer.Value), (answer.Key, now[answer.Key])));
        }
    }

    [Fact]
    public async Task transfers_are_listed_as_they_stood_on_a_day()
    {
        var scene = await TransferScene.Open("as-of-day", TransferScene.Maths);
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
        var open = await ReadAccountTests.Settled(scene.Service, scene.Account);
        (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        await ReadAccountTests.Settled(scene.Service, scene.Account);
        var list = $"/v1/accounts/{scene.Account}/transfers";

        Assert.Equal(["approved"], await States(scene, list));
        Assert.Equal(["evaluated"], await States(scene, $"{list}?knownAt={open}"));
        Assert.Equal(["evaluated"], await States(scene, $"{list}?knownAt={open}&state=evaluated"));
        Assert.Empty(await States(scene, $"{list}?knownAt={open}&state=approved"));
        Assert.Empty(await States(scene, $"{list}?effectiveOn=2020-01-01"));
        Assert.Equal(["approved"], await States(scene, $"{list}?effectiveOn=2999-01-01"));
        var future = await scene.Learner.Get($"{list}?knownAt=2999-01-01T00:00:00Z");
        Assert.Equal("time.notSettled", future.Expect(HttpStatusCode.UnprocessableEntity).Code);
        (await scene.Learner.Get($"{list}?knownAt=soon")).Expect(HttpStatusCode.BadRequest);
    }

    [Lives(150)]
    public void what_was_known_at_an_instant_is_the_fold_of_what_was_recorded_by_then(Steps steps)
    {
        var life = new GeneratedLife().Live(steps);
        var facts = BalancesPropertyTests.FactsOf(life.Events);
        for (var length = 0; length <= facts.Count; length += 1 + facts.Count / 7)
        {
            Instant? at = length == 0 ? Instant.MinValue : facts[length - 1].RecordedAt;
            var known = facts.KnownAt(at);
            var prefix = BalancesPropertyTests.FactsOf(life.Events.Take(length));
            foreach (var on in new LocalDate?[] { null, life.Today.PlusDays(-200), life.Today })
            {
                Assert.Equal(Sums(prefix, on), Sums(known, on));
                Assert.Equal(
                    Statement.Of(prefix, on).Select(line => (line.Cursor, line.Kind, line.StandardAvailable)),
                    Statement.Of(known, on).Select(line => (line.Cursor, line.Kind, line.StandardAvailable))
                );
                Assert.Equal(
                    OutcomeView.Fold(prefix, on).Select(view => (view.OutcomeId, view.Record.Revision, view.Status)),
                    OutcomeView.Fold(known, on).Select(view => (view.OutcomeId, view.Record.Revision, view.Status))
                );
                Assert.Equal(Entries(life.Events.Take(length), on), Sums(known, on));
            }
        }
    }

    private static string Sums(IReadOnlyList<AccountFact> facts, LocalDate? on) =>
        string.Join(' ', Balances.Of(facts.Select(fact => fact.Data), on).Standard.Figures().Skip(1).Take(2));

    /// <summary>The same from the journal alone: what entries true by that day add up to.</summary>
    private static string Entries(IEnumerable<object> events, LocalDate? on)
    {
        var entries = events
            .SelectMany(DoubleEntry.EntriesOf)
            .Where(entry => entry.Measure == Measure.Standard && (on is null || entry.EffectiveOn <= on))
            .ToLookup(entry => entry.Account, entry => entry.Amount);
        return string.Join(
            ' ',
            [
                ("available", entries[ChartAccount.Available].Sum(amount => amount)),
                ("held", entries[ChartAccount.Held].Sum(amount => amount)),
            ]
        );
    }

    /// <summary>What happens, a step after another.</summary>
    private static IEnumerable<Func<Task>> Steps(TransferScene scene)
    {
        var path = string.Empty;
        yield return () => Task.CompletedTask;
        yield return async () => path = $"/v1/transfers/{(await scene.Submit(TransferScene.Maths))["transferId"]}";
        yield return async () => (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        yield return () =>
            Life.Append(
                scene.Service,
                scene.Account,
                Life.Deposit(scene.Account, "uni-late", $"{scene.ProgrammeId}-late", 4, new LocalDate(2019, 1, 1))
            );
        yield return () => Correct(scene, 2, 6);
        yield return () => Correct(scene, 3, 1);
        yield return async () =>
            (
                await scene
                    .Service.As("registry", "fudan")
                    .Post(
                        $"/v1/outcomes/{scene.Outcomes[TransferScene.Programming]}/revocation",
                        new { reason = "fraud" }
                    )
            ).Expect(HttpStatusCode.OK);
    }

    private static async Task Correct(TransferScene scene, int revision, int credits)
    {
        var body = new
        {
            revision,
            reason = "creditChange",
            kind = "academicCourse",
            courseCode = TransferScene.Maths,
            title = TransferScene.Maths,
            credits,
            unit = "cn-credit",
            level = 5,
            result = "passed",
            grade = new { scale = "percent", value = "91" },
            completedOn = "2024-01-10",
        };
        var path = $"/v1/outcomes/{scene.Outcomes[TransferScene.Maths]}/corrections";
        (await scene.Service.As("registry", "fudan").Post(path, body)).Expect(HttpStatusCode.OK);
    }

    private static async Task<Dictionary<string, string>> Answers(TransferScene scene, string? knownAt)
    {
        var answers = new Dictionary<string, string>();
        foreach (var view in Views)
        {
            foreach (var day in Days)
            {
                var query = day.Length == 0 ? "limit=100" : $"limit=100&effectiveOn={day}";
                var at = knownAt is null ? string.Empty : $"&knownAt={knownAt}";
                var reply = await scene.Learner.Get($"/v1/accounts/{scene.Account}{view}?{query}{at}");
                answers.Add($"{view}?{query}", reply.Expect(HttpStatusCode.OK).Text);
            }
        }

        return answers;
    }

    private static async Task<string[]> States(TransferScene scene, string path) =>
        [
            .. (await scene.Learner.Get(path)).Expect(HttpStatusCode.OK).Json["items"]!
                .AsArray()
                .Select(item => (string)item!["state"]!),
        ];
}
