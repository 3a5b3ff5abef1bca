using System.Net;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Api.Transfers;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Contract;

/// <summary>Every command on transfers and appeals in every state in which it is wrong.</summary>
public sealed class WrongTransferStateTests(TimedLedger ledger) : IClassFixture<TimedLedger>
{
    private const string Maths = TransferScene.Maths;
    private const string Databases = TransferScene.Databases;
    private static readonly object Why = new { reason = "理由" };
    private static readonly object Ask = new { text = "请补充大纲" };

    private TestCaller Approver => ledger.Service.As("approver", "shou", subject: "approver");

    private TestCaller Evaluator => ledger.Service.As("evaluator", "shou", subject: "evaluator");

    private TestCaller Panel => ledger.Service.As("panel", "shou", subject: "panel");

    /// <summary>Nobody who decided before, so that the state alone stands in the way.</summary>
    private TestCaller AnotherPanel => ledger.Service.As("panel", "shou", subject: "another panel");

    [Fact]
    public async Task a_transfer_refuses_what_is_wrong_in_its_state_and_says_which()
    {
        Thing[] things =
        [
            await Lapsed(),
            await Transfer(TransferStates.Evaluated),
            await Transfer(TransferStates.InformationRequested, (Evaluator, "information-requests", Ask)),
            await Transfer(TransferStates.Approved, (Approver, "approval", new { })),
            await PartlyApproved(),
            await Transfer(TransferStates.Returned, (Approver, "return", Why)),
            await Transfer(TransferStates.Rejected, (Approver, "rejection", Why)),
            await Transfer(TransferStates.Withdrawn, (null, "withdrawal", new { })),
        ];
        Assert.Equal(TransferStates.All.Order(), things.Select(thing => thing.State).Order());
        string[] open = [TransferStates.Evaluated, TransferStates.InformationRequested];
        string[] decided =
        [
            TransferStates.Approved,
            TransferStates.PartlyApproved,
            TransferStates.Returned,
            TransferStates.Rejected,
        ];
        var lines = new[]
        {
            new
            {
                line = 1,
                decision = "grant",
                reason = "大纲相同",
            },
        };
        Command[] commands =
        [
            Command.Under("approval", [TransferStates.Evaluated], _ => Approver, new { }),
            Command.Under("evaluation", [TransferStates.Evaluated], _ => Evaluator, new { lines }),
            Command.Under("return", open, _ => Approver, Why),
            Command.Under("rejection", open, _ => Approver, Why),
            Command.Under("withdrawal", open, thing => thing.Learner, new { }),
            Command.Under("information-requests", [TransferStates.Evaluated], _ => Evaluator, Ask),
            Command.Under("information", [TransferStates.InformationRequested], thing => thing.Learner, Ask),
            Command.Under("appeals", decided, thing => thing.Learner, Why),
        ];

        var sent = await WrongStates.AllRefusedAsync(things, commands, Shown);

        Assert.Equal(50, sent);
    }

    [Fact]
    public async Task an_appeal_refuses_what_is_wrong_in_its_state_and_says_which()
    {
        var vary = new
        {
            decision = "vary",
            reason = "改判",
            lines = new[]
            {
                new
                {
                    line = 1,
                    decision = "grant",
                    reason = "大纲相同",
                },
            },
        };
        var admit = new { decision = "admit", reason = "受理" };
        var remand = new { decision = "remand", reason = "重审" };
        var uphold = new { decision = "uphold", reason = "维持" };
        Thing[] things =
        [
            await Appeal("filed"),
            await Appeal("admitted", ("answer", admit)),
            await Appeal("dismissed", ("answer", new { decision = "dismiss", reason = "不受理" })),
            await Appeal("upheld", ("answer", admit), ("decision", uphold)),
            await Appeal("varied", ("answer", admit), ("decision", vary)),
            await Appeal("remanded", ("answer", admit), ("decision", remand)),
        ];
        string[] open = ["filed", "admitted"];
        Command[] commands =
        [
            Command.Under("answer", ["filed"], _ => AnotherPanel, admit),
            Named("uphold", uphold),
            Named("vary", vary),
            Named("remand", remand),
            new(
                "file again",
                ["remanded"],
                thing => thing.Learner,
                thing => thing.Path[..thing.Path.LastIndexOf('/')],
                Why
            ),
        ];

        var sent = await WrongStates.AllRefusedAsync(things, commands, ShownAppeal);

        Assert.Equal(22, sent);

        Command Named(string name, object body) =>
            new(name, open, _ => AnotherPanel, thing => $"{thing.Path}/decision", body);
    }

    [Fact]
    public async Task what_comes_too_late_or_is_held_or_used_names_the_state_of_what_it_is_about()
    {
        var rejected = await Appeal("filed", ("answer", new { decision = "dismiss", reason = "不受理" }));
        var scene = await TransferScene.Open(ledger.Service, "wrong-held", Maths);
        var transfer = await scene.Submit();
        var held = await scene.Learner.Post("/v1/transfers", scene.Request(Maths));
        var path = $"/v1/transfers/{transfer["transferId"]}";
        (await Approver.Post($"{path}/rejection", Why)).Expect(HttpStatusCode.OK);
        await scene.Submit();
        var filed = (await scene.Learner.Post($"{path}/appeals", Why)).Expect(HttpStatusCode.Created);
        var appeal = $"{path}/appeals/{filed.Json["appealId"]}";
        (await Panel.Post($"{appeal}/answer", new { decision = "admit", reason = "受理" })).Expect(HttpStatusCode.OK);
        var used = await Panel.Post($"{appeal}/decision", new { decision = "remand", reason = "重审" });
        var late = await Transfer(TransferStates.Rejected, (Approver, "rejection", Why));
        ledger.Clock.Advance(11);
        var tooLate = await late.Learner.Post($"{late.Path}/appeals", Why);

        Assert.Equal(("credit.held", "held"), (held.Code, held.State));
        Assert.Equal(("credit.used", "used"), (used.Code, used.State));
        Assert.Equal(("appeal.late", "rejected"), (tooLate.Code, tooLate.State));
        Assert.Equal("dismissed", await ShownAppeal(rejected));
    }

    private async Task<Thing> Transfer(string state, params (TestCaller? By, string Name, object Body)[] steps)
    {
        var scene = await TransferScene.Open(ledger.Service, $"wrong-{state}-{Guid.NewGuid():n}"[..40], Maths);
        var thing = new Thing(state, $"/v1/transfers/{(await scene.Submit())["transferId"]}", scene.Learner);
        foreach (var (by, name, body) in steps)
        {
            (await (by ?? thing.Learner).Post($"{thing.Path}/{name}", body)).Expect(HttpStatusCode.OK);
        }

        return thing;
    }

    private async Task<Thing> PartlyApproved()
    {
        var scene = await TransferScene.Open(ledger.Service, "wrong-partly", Maths, Databases);
        var transfer = await scene.Submit();
        var path = $"/v1/transfers/{transfer["transferId"]}";
        var lines = new[] { scene.LineOf(transfer, Maths) };
        (await Approver.Post($"{path}/approval", new { lines })).Expect(HttpStatusCode.OK);
        return new Thing(TransferStates.PartlyApproved, path, scene.Learner);
    }

    private async Task<Thing> Lapsed()
    {
        var thing = await Transfer(TransferStates.Lapsed);
        ledger.Clock.Advance(91);
        var desk = ledger.Service.Services.GetRequiredService<TransferDesk>();
        await LapseTransferHandler.Handle(new LapseTransfer(thing.Path.Split('/')[^1]), desk, CancellationToken.None);
        return thing;
    }

    private async Task<Thing> Appeal(string state, params (string Name, object Body)[] steps)
    {
        var transfer = await Transfer(TransferStates.Rejected, (Approver, "rejection", Why));
        var filed = (await transfer.Learner.Post($"{transfer.Path}/appeals", Why)).Expect(HttpStatusCode.Created);
        var thing = new Thing(state, $"{transfer.Path}/appeals/{filed.Json["appealId"]}", transfer.Learner);
        foreach (var (name, body) in steps)
        {
            (await Panel.Post($"{thing.Path}/{name}", body)).Expect(HttpStatusCode.OK);
        }

        return thing;
    }

    private static Task<string?> Shown(Thing thing) => WrongStates.ShownAsync(thing.Learner, thing.Path);

    private static async Task<string?> ShownAppeal(Thing thing)
    {
        var transfer = await thing.Learner.Get(thing.Path[..thing.Path.IndexOf("/appeals", StringComparison.Ordinal)]);
        return (string?)Assert.Single(transfer.Expect(HttpStatusCode.OK).Json["appeals"]!.AsArray())!["state"];
    }
}
