using CreditBank.Api.Accounts;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Expiry;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Tests.Lives;

/// <summary>Transfers, from the submission to the decision.</summary>
internal sealed partial class GeneratedLife
{
    private const string AnotherApprover = "another approver";
    private static readonly string[] People =
    [
        Folded.Learner,
        Folded.Evaluator,
        Folded.Approver,
        Folded.Panel,
        AnotherApprover,
    ];

    /// <summary>Those of a life that was merged into this one too, as long as they are the same for both.</summary>
    private readonly Dictionary<string, Entry> entries = [];

    private sealed class Entry(string id, Transfer transfer, Proposal proposal)
    {
        public string Id => id;

        public Transfer Transfer { get; set; } = transfer;

        public Proposal Proposal { get; set; } = proposal;

        public EvaluationGround Ground => LifeRules.GroundOf(Transfer.InstitutionId, Transfer.Submitted.ProgrammeId);
    }

    /// <summary>The account's own transfers, and those that came with a merge.</summary>
    public IEnumerable<Transfer> Transfers => entries.Values.Select(entry => entry.Transfer);

    /// <summary>The outcomes that open transfers of the account name.</summary>
    public IReadOnlyCollection<string> InPlay =>
        entries
            .Values.Where(entry => IsOwn(entry) && IsOpen(entry))
            .SelectMany(entry => LineDecider.InPlay(entry.Transfer))
            .ToHashSet();

    private IEnumerable<Command> OfTransfers() =>
        [
            new("submit", 26, () => Account.Outcomes.Values.Any(IsWorthAsking), Submit),
            new("evaluate", 14, () => AnyOpen(entry => HasMaybe(entry.Transfer)), Evaluate),
            new("approve", 44, () => AnyOpen(entry => HasMatch(entry.Transfer)), Approve),
            new("takeBack", 1, () => AnyOpen(_ => true), () => Close("takeBack")),
            new("return", 2, () => AnyOpen(_ => true), () => Close("return")),
            new("reject", 3, () => AnyOpen(_ => true), () => Close("reject")),
            new("ask", 3, () => AnyOpen(_ => true), Ask),
            new("answer", 8, () => AnyOpen(IsAsked), Answer),
        ];

    /// <summary>Knows the transfers of a life that was merged into this one.</summary>
    public void Adopt(GeneratedLife other)
    {
        foreach (var entry in other.entries.Values)
        {
            entries[entry.Id] = entry;
        }

        agreements.AddRange(other.agreements);
    }

    private bool IsOwn(Entry entry) => entry.Transfer.AccountId == Account.Id;

    private static bool IsOpen(Entry entry) => TransferStates.IsOpen(entry.Transfer.State);

    private static bool IsAsked(Entry entry) => entry.Transfer.State == TransferStates.InformationRequested;

    private bool AnyOpen(Func<Entry, bool> fits) =>
        entries.Values.Any(entry => IsOwn(entry) && IsOpen(entry) && fits(entry));

    private static bool HasMaybe(Transfer transfer) =>
        transfer.State == TransferStates.Evaluated && transfer.Lines().Any(line => line.Result == LineResults.Maybe);

    private static bool HasMatch(Transfer transfer) =>
        transfer.State == TransferStates.Evaluated
        && transfer
            .Lines()
            .Any(line => line.Result == LineResults.Match && !transfer.ApprovedLines.Contains(line.Line));

    /// <summary>Closes every open transfer and answers every open appeal.</summary>
    public void CloseAll()
    {
        foreach (var entry in entries.Values.Where(entry => IsOwn(entry) && IsOpen(entry)).ToList())
        {
            Take(entry.Id, TransferDecider.Withdraw(entry.Transfer, Account, today), Folded.Learner, "close");
        }

        DismissAll();
    }

    private static bool IsWorthAsking(OutcomePosition outcome) =>
        outcome.Status == OutcomeStatus.Recorded
        && outcome.Available.Amount.IsPositive
        && outcome.Record.Kind != OutcomeKinds.Leisure;

    private string Submit()
    {
        var id = Named("t");
        var ground = lot.Of("programme", LifeRules.Programmes, one => one.Programme.ProgrammeId);
        var (institutionId, programmeId) = (ground.Programme.InstitutionId, ground.Programme.ProgrammeId);
        var any = lot.OneIn(8, "offer any");
        var named = Account
            .Outcomes.Values.Where(outcome => any || IsWorthAsking(outcome))
            .Select(outcome => outcome.OutcomeId)
            .Where(outcome => lot.OneIn(2, $"offer {outcome}"))
            .ToList();
        if (!TransferDecider.Offer(Account, named.Count == 0 ? null : named).Is(out var offered, out var refusal))
        {
            return No(refusal);
        }

        var returned = entries.Values.FirstOrDefault(entry =>
            IsOwn(entry) && entry.Transfer.State == TransferStates.Returned && entry.Ground == ground
        );
        var submitted = new TransferSubmitted(
            id,
            Account.Id,
            institutionId,
            programmeId,
            1,
            offered,
            returned?.Id,
            today
        )
        {
            HeldUntilOn = today.PlusDays(HoldDays),
            Agreements = Binding(institutionId, programmeId),
        };
        if (returned is not null && TransferDecider.MayNotReplace(returned.Transfer, submitted) is { } no)
        {
            return No(no);
        }

        var evaluation = TransferEvaluation.First(Account, submitted, ground, LifeRules.Catalog);
        return Take(id, TransferDecider.Submit(submitted, evaluation), Folded.Learner, "submit");
    }

    private string Evaluate()
    {
        if (Choose("evaluated", entry => HasMaybe(entry.Transfer)) is not { } entry)
        {
            return "nothing";
        }

        var courses = entry.Ground.Programme.Courses.Select(course => course.CourseCode).ToList();
        var verdicts = entry
            .Transfer.Lines()
            .Where(line => line.Result == LineResults.Maybe && !lot.OneIn(4, $"leave {line.Line}"))
            .Select(line => new LineVerdict(
                line.Line,
                !lot.OneIn(4, $"refuse {line.Line}"),
                "note",
                null,
                [],
                line.CourseCodes.Count == 0 ? [lot.Of($"for {line.Line}", courses)] : []
            ))
            .ToList();
        var who = Who(Folded.Evaluator);
        var decision = LineDecider.Decide(
            entry.Transfer,
            entry.Proposal,
            verdicts,
            EvaluationOf(Account, entry.Transfer, null),
            who,
            today
        );
        return Take(entry.Id, decision, who, "evaluate");
    }

    private string Approve()
    {
        if (Choose("approved", entry => HasMatch(entry.Transfer)) is not { } entry)
        {
            return "nothing";
        }

        var part = entry
            .Transfer.Lines()
            .Where(line => line.Result == LineResults.Match && !entry.Transfer.ApprovedLines.Contains(line.Line))
            .Where(line => !lot.OneIn(4, $"leave {line.Line}"))
            .Select(line => line.Line)
            .ToList();
        var lines = part.Count == 0 || !HasMaybe(entry.Transfer) && lot.OneIn(2, "all") ? null : part;
        var who = Who(Folded.Approver);
        var decision = ApprovalDecider.Approve(
            entry.Transfer,
            entry.Proposal,
            lines,
            EvaluationOf(Account, entry.Transfer, today),
            who,
            today
        );
        return Take(entry.Id, decision, who, "approve");
    }

    private string Close(string how)
    {
        if (Choose(how, _ => true) is not { } entry)
        {
            return "nothing";
        }

        var who = how == "takeBack" ? Folded.Learner : Who(Folded.Approver);
        var decision = how switch
        {
            "takeBack" => TransferDecider.Withdraw(entry.Transfer, Account, today),
            "return" => TransferDecider.Return(entry.Transfer, Account, who, "note", today),
            _ => TransferDecider.Reject(entry.Transfer, Account, who, "note", today),
        };
        return Take(entry.Id, decision, who, how);
    }

    private string Ask() =>
        Choose("asked", _ => true) is { } entry
            ? Take(entry.Id, TransferDecider.RequestInformation(entry.Transfer, "note"), Folded.Evaluator, "ask")
            : "nothing";

    private string Answer() =>
        Choose("answered", IsAsked) is { } entry
            ? Take(entry.Id, TransferDecider.GiveInformation(entry.Transfer, "note", []), Folded.Learner, "answer")
            : "nothing";

    private static TransferEvaluation EvaluationOf(Account account, Transfer transfer, LocalDate? decidedOn) =>
        TransferEvaluation.Again(
            account,
            transfer,
            LifeRules.GroundOf(transfer.InstitutionId, transfer.Submitted.ProgrammeId),
            decidedOn,
            LifeRules.Catalog
        );

    private string Take(string id, Decision<TransferEvents> decision, string actorId, string name)
    {
        if (!decision.Is(out var events, out var refusal))
        {
            return $"{id} {No(refusal)}";
        }

        var following = ExpiringCredit.Following(Account, events.OfAccount, today);
        Take(events.OfAccount);
        var entry = entries.GetValueOrDefault(id);
        var transfer = entry?.Transfer;
        foreach (var one in events.OfTransfer)
        {
            transfer = Folded.Fold(transfer, one, actorId);
            Model.Decided(id, one, actorId);
        }

        if (entry is null)
        {
            entries[id] = entry = new Entry(id, transfer!, events.Document!.Read());
        }

        entry.Transfer = transfer!;
        entry.Proposal = events.Documents().OfType<ProposalDocument>().LastOrDefault()?.Read() ?? entry.Proposal;
        Expire(following);
        return Done($"{name} {id} {transfer!.State}{Told(events)} by {actorId}");
    }

    private static string Told(TransferEvents events)
    {
        var lines = events.OfTransfer.OfType<TransferEvaluated>().LastOrDefault()?.Lines ?? [];
        var approved = events.OfTransfer.OfType<TransferApproved>().SelectMany(one => one.Lines);
        return string.Concat(
                lines.Select(line =>
                    $" [{line.Line} {line.Result} {string.Join('+', line.OutcomeIds)}"
                    + $" -> {string.Join('+', line.CourseCodes)}]"
                )
            ) + string.Concat(approved.Select(line => $" {line}"));
    }

    /// <summary>Mostly who should; now and then somebody else, whom the deciders refuse where they must.</summary>
    private string Who(string usual) => lot.OneIn(8, "another") ? lot.Of("who", People) : usual;

    /// <summary>
    /// Mostly an open transfer that fits; now and then any, of which the deciders must refuse everything.
    /// </summary>
    private Entry? Choose(string what, Func<Entry, bool> fits)
    {
        var own = entries.Values.Where(IsOwn).ToList();
        var open = own.Where(entry => IsOpen(entry) && fits(entry)).ToList();
        var from = open.Count > 0 && !lot.OneIn(10, "any transfer") ? open : own;
        return from.Count == 0 ? null : lot.Of(what, from, entry => entry.Id);
    }
}
