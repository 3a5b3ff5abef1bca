using CreditBank.Api.Accounts;
using CreditBank.Api.Appeals;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Outcomes;
using CreditBank.Api.RuleSets;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using JasperFx.Events;
using NodaTime;
using Worth = CreditBank.Ledger.Events.Worth;

namespace CreditBank.Api.Tests.Transfers;

/// <summary>An account and a programme in memory, for deciders without a host.</summary>
internal sealed class Folded
{
    public const string Learner = "the learner";
    public const string Evaluator = "the evaluator";
    public const string Approver = "the approver";
    public const string Panel = "the panel";
    public const string AppealId = "apl-1";
    public static readonly LocalDate Today = new(2026, 3, 1);
    private const string TransferId = "trf-00-00000000000000000000";
    private static readonly Lazy<RuleSetCatalog> Shipped = new(() =>
        new RuleSetCatalog([RuleSetFolder.Load(Path.Combine(ShippedRuleSets.Default.Folder, "sqf", "2016.1")).RuleSet!])
    );

    public static RuleSet Rules => Shipped.Value.InForce("sqf", Today)!;

    public RuleSetCatalog Catalog { get; init; } = Shipped.Value;

    public Account Account { get; } = new() { Id = "acc-00-00000000000000000000" };

    /// <summary>How many days outcomes can be used; none means for ever.</summary>
    public int? ShelfDays { get; init; }

    public decimal TotalCredits { get; init; } = 70;

    public EvaluationGround Ground =>
        new(
            new ProgrammePublished(
                "shou",
                "cs",
                1,
                "计算机",
                5,
                new Credits(TotalCredits),
                "sqf",
                [
                    new("SHOU-MATH", "高等数学", new Credits(4), "foundation", true),
                    new("SHOU-PROG", "程序设计", new Credits(3), "core", true),
                    new("SHOU-DB", "数据库", new Credits(3), "core", true),
                ]
            ),
            new Dictionary<string, AccreditationHistory>()
        );

    public Folded With(string course, decimal credits, string unit = "cn-credit")
    {
        Deposit(course, course, credits, new LocalDate(2024, 1, 10), unit);
        return this;
    }

    /// <summary>Records an outcome and its recognition, and gives the events.</summary>
    public IReadOnlyList<object> Deposit(
        string outcomeId,
        string course,
        decimal credits,
        LocalDate completedOn,
        string unit = "cn-credit"
    )
    {
        var record = new OutcomeRecord
        {
            InstitutionId = "fudan",
            RecordId = outcomeId,
            Revision = 1,
            Kind = OutcomeKinds.AcademicCourse,
            CourseCode = course,
            Title = course,
            Credits = new Credits(credits),
            Unit = unit,
            Level = "5",
            Result = OutcomeResults.Passed,
            GradeScale = "percent",
            GradeValue = "90",
            CompletedOn = completedOn,
        };
        object[] events =
        [
            new OutcomeRecorded(outcomeId, record, new OutcomeSource("transcript", "t")),
            Recognise(outcomeId, record),
        ];
        foreach (var one in events)
        {
            AccountFold.Apply(Account, one);
        }

        return events;
    }

    /// <summary>What the shipped rules make of a record.</summary>
    public OutcomeRecognised Recognise(string outcomeId, OutcomeRecord record)
    {
        var recognition = Recogniser.Recognise(RuleFacts.Of(outcomeId, record), Rules);
        var worth = new Worth(recognition.SourceCredits, recognition.SourceUnit, recognition.StandardCredits);
        var earned = record.Result == OutcomeResults.Passed ? worth : Worth.Nothing(worth.Unit);
        return new(outcomeId, Rules.Version, [], "5", earned, null, "fudan", record.CompletedOn)
        {
            ExpiresOn = ShelfDays is { } days ? record.CompletedOn.PlusDays(days) : null,
        };
    }

    /// <summary>Appeals, and gives what a panel decides on.</summary>
    public (Transfer Transfer, Proposal Proposal) Appeal((Transfer Transfer, Proposal Proposal) from) =>
        Take(from, AppealDecider.File(from.Transfer, AppealId, "note", [], new TransferTerms(), Today), Learner);

    public PanelCase CaseOf((Transfer Transfer, Proposal Proposal) from, string actorId = Panel) =>
        new(
            from.Transfer,
            Account,
            from.Proposal,
            (account, transfer, decidedOn) => TransferEvaluation.Again(account, transfer, Ground, decidedOn, Catalog),
            AppealId,
            actorId,
            Today,
            Today.PlusDays(90)
        );

    public Decision<TransferEvents> TrySubmit(string transferId = TransferId, IReadOnlyList<string>? outcomes = null)
    {
        if (!TransferDecider.Offer(Account, outcomes).Is(out var offered, out var refusal))
        {
            return refusal;
        }

        var submitted = new TransferSubmitted(transferId, Account.Id, "shou", "cs", 1, offered, null, Today);
        return TransferDecider.Submit(submitted, TransferEvaluation.First(Account, submitted, Ground, Catalog));
    }

    /// <summary>Submits, and gives the transfer with its newest proposal.</summary>
    public (Transfer Transfer, Proposal Proposal) Submit(
        string transferId = TransferId,
        IReadOnlyList<string>? outcomes = null
    ) => Take(null, TrySubmit(transferId, outcomes), Learner);

    public TransferEvaluation Evaluation(Transfer transfer, LocalDate? decidedOn = null) =>
        TransferEvaluation.Again(Account, transfer, Ground, decidedOn, Catalog);

    public Decision<TransferEvents> TryDecide(
        (Transfer Transfer, Proposal Proposal) from,
        IReadOnlyList<LineVerdict> verdicts,
        string actorId = Evaluator
    ) => LineDecider.Decide(from.Transfer, from.Proposal, verdicts, Evaluation(from.Transfer), actorId, Today);

    public Decision<TransferEvents> TryApprove(
        (Transfer Transfer, Proposal Proposal) from,
        IReadOnlyList<int>? lines = null,
        string actorId = Approver
    ) => ApprovalDecider.Approve(from.Transfer, from.Proposal, lines, Evaluation(from.Transfer, Today), actorId, Today);

    /// <summary>Folds what was decided into account and transfer.</summary>
    public (Transfer Transfer, Proposal Proposal) Take(
        (Transfer Transfer, Proposal Proposal)? from,
        Decision<TransferEvents> decision,
        string actorId
    )
    {
        Assert.True(decision.Is(out var events, out var refusal), refusal?.Text.En);
        foreach (var one in events.OfAccount)
        {
            AccountFold.Apply(Account, one);
        }

        var transfer = from?.Transfer;
        foreach (var one in events.OfTransfer)
        {
            transfer = Fold(transfer, one, actorId);
        }

        return (transfer!, events.Document?.Read() ?? from!.Value.Proposal);
    }

    /// <summary>Where an outcome's credit is: available, held, converted, forfeited.</summary>
    public string Position(string outcomeId)
    {
        var position = Account.Outcomes[outcomeId];
        Worth[] places = [position.Available, position.Held, position.Converted, position.Forfeited];
        return string.Join('/', places.Select(place => place.Amount));
    }

    public static Transfer Fold(Transfer? transfer, object one, string actorId) =>
        one switch
        {
            TransferSubmitted submitted => Transfer.Create(By(submitted, actorId)),
            MaybeLinesDecided decided => transfer!.Apply(By(decided, actorId)),
            TransferEvaluated evaluated => transfer!.Apply(evaluated),
            TransferApproved approved => transfer!.Apply(By(approved, actorId)),
            InformationRequested requested => transfer!.Apply(requested),
            InformationGiven given => transfer!.Apply(given),
            TransferReturned returned => transfer!.Apply(By(returned, actorId)),
            TransferRejected rejected => transfer!.Apply(By(rejected, actorId)),
            AppealFiled filed => transfer!.Apply(filed),
            AppealAdmitted admitted => transfer!.Apply(By(admitted, actorId)),
            AppealDismissed dismissed => transfer!.Apply(By(dismissed, actorId)),
            AppealDecided decided => transfer!.Apply(By(decided, actorId)),
            TransferReopened reopened => transfer!.Apply(reopened),
            TransferWithdrawn withdrawn => transfer!.Apply(withdrawn),
            TransferLapsed lapsed => transfer!.Apply(lapsed),
            TransferLinesVoided voided => transfer!.Apply(voided),
            _ => throw new InvalidOperationException($"{one.GetType().Name} is no event of a transfer here."),
        };

    private static Event<T> By<T>(T data, string actorId)
        where T : notnull => new(data) { UserName = actorId };
}
