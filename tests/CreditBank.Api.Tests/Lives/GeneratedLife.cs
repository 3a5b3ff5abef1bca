using CreditBank.Api.Accounts;
using CreditBank.Api.Appeals;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Expiry;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Tests.Outcomes;

/// <summary>
/// The life of one account, made of commands that the service's own deciders took or refused. Each number is one
/// command, so that a failing life shrinks to a short list; the story tells what they were.
/// </summary>
/// <param name="prefix">Comes before every id, so that two lives have nothing in common.</param>
internal sealed partial class GeneratedLife(string prefix = "")
{
    private static readonly (string Course, decimal Credits)[] Courses =
    [
        (TransferScene.Maths, 5),
        (TransferScene.Programming, 3),
        (TransferScene.Databases, 3),
        (TransferScene.Philosophy, 2),
    ];

    private const int HoldDays = 90;

    /// <summary>So that with records of up to 400 days some are over and most are not.</summary>
    private const int ShelfDays = 450;

    private readonly Folded folded = new() { ShelfDays = ShelfDays };
    private readonly Dictionary<string, (Transfer Transfer, Proposal Proposal)> transfers = [];
    private LocalDate today = new(2025, 1, 1);
    private Random chance = new(0);
    private int number;

    /// <summary>What was done, a line a command.</summary>
    public List<string> Story { get; } = [];

    /// <summary>Every event of the account's stream.</summary>
    public List<object> Events { get; } = [];

    public Account Account => folded.Account;

    public LocalDate Today => today;

    /// <summary>The latest day on which time was let pass, and with it everything expired that was due.</summary>
    public LocalDate? LookedAtOn { get; private set; }

    public IEnumerable<Transfer> Transfers => transfers.Values.Select(pair => pair.Transfer);

    /// <summary>One command more.</summary>
    /// <param name="choice">Chooses the command and everything in it.</param>
    public void Live(int choice)
    {
        chance = new Random(choice);
        number++;
        today = today.PlusDays(chance.Next(3));
        var done = chance.Next(16) switch
        {
            0 or 1 or 2 => Deposit(),
            3 or 4 or 10 => Submit(),
            5 => Evaluate(),
            6 => Approve(),
            7 => Close(),
            8 => Correct(),
            11 => LetTimePass(),
            12 => Appeal(),
            13 => Agree(),
            14 => Confer(),
            15 => DecideAward(),
            _ => End(),
        };
        Story.Add($"{today:uuuu-MM-dd} {done}");
    }

    /// <summary>Takes events of the account that were decided elsewhere.</summary>
    public void Take(IEnumerable<object> events)
    {
        foreach (var one in events)
        {
            AccountFold.Apply(Account, one);
            Events.Add(one);
        }
    }

    /// <summary>Knows the transfers of a life that was merged into this one.</summary>
    public void Adopt(GeneratedLife other)
    {
        foreach (var (id, transfer) in other.transfers)
        {
            transfers[id] = transfer;
        }

        agreements.AddRange(other.agreements);
    }

    /// <summary>No command is given before that day.</summary>
    public void Reach(LocalDate on) => today = LocalDate.Max(today, on);

    /// <summary>Closes every open transfer.</summary>
    public void CloseAll()
    {
        foreach (var (id, from) in transfers.Where(pair => TransferStates.IsOpen(pair.Value.Transfer.State)).ToList())
        {
            Take(id, TransferDecider.Withdraw(from.Transfer, Account, today), Folded.Learner, $"close {id}");
        }
    }

    private string Deposit()
    {
        var (course, credits) = Courses[chance.Next(Courses.Length)];
        var id = $"{prefix}o{number}";
        Events.AddRange(folded.Deposit(id, course, credits, today.PlusDays(-chance.Next(500))));
        Expire(ExpiringCredit.Due(Account, [id], today));
        return $"deposit {id} {course} {credits}";
    }

    private string Submit()
    {
        var id = $"{prefix}t{number}";
        var named = Account.Outcomes.Keys.Where(_ => chance.Next(2) == 0).ToList();
        if (!TransferDecider.Offer(Account, named.Count == 0 ? null : named).Is(out var offered, out var refusal))
        {
            return $"submit {id}: {refusal.Code}";
        }

        var submitted = new TransferSubmitted(id, Account.Id, "shou", "cs", 1, offered, null, today)
        {
            HeldUntilOn = today.PlusDays(HoldDays),
            Agreements = Binding(),
        };
        var evaluation = TransferEvaluation.First(Account, submitted, folded.Ground, folded.Catalog);
        return Take(id, TransferDecider.Submit(submitted, evaluation), Folded.Learner, $"submit {id}");
    }

    private string Evaluate()
    {
        if (Choose() is not { } from)
        {
            return "evaluate nothing";
        }

        var verdicts = from
            .Transfer.Lines()
            .Where(line => line.Result == LineResults.Maybe)
            .Select(line => new LineVerdict(line.Line, chance.Next(3) > 0, "note", null, [], []))
            .ToList();
        var decision = LineDecider.Decide(
            from.Transfer,
            from.Proposal,
            verdicts,
            folded.Evaluation(from.Transfer),
            Folded.Evaluator,
            today
        );
        return Take(from.Transfer.Id, decision, Folded.Evaluator, $"evaluate {from.Transfer.Id}");
    }

    private string Approve()
    {
        if (Choose() is not { } from)
        {
            return "approve nothing";
        }

        var lines = from
            .Transfer.Lines()
            .Where(line => line.Result == LineResults.Match && chance.Next(4) > 0)
            .Select(line => line.Line)
            .ToList();
        var decision = ApprovalDecider.Approve(
            from.Transfer,
            from.Proposal,
            lines.Count == 0 ? null : lines,
            folded.Evaluation(from.Transfer, today),
            Folded.Approver,
            today
        );
        return Take(from.Transfer.Id, decision, Folded.Approver, $"approve {from.Transfer.Id}");
    }

    private string Close()
    {
        if (Choose() is not { } from)
        {
            return "close nothing";
        }

        var decision =
            chance.Next(2) == 0
                ? TransferDecider.Withdraw(from.Transfer, Account, today)
                : TransferDecider.Return(from.Transfer, Account, Folded.Approver, "note", today);
        return Take(from.Transfer.Id, decision, Folded.Approver, $"close {from.Transfer.Id}");
    }

    private string LetTimePass()
    {
        today = today.PlusDays(chance.Next(2 * HoldDays));
        var lapsed = new List<string>();
        foreach (var transfer in Transfers.ToList())
        {
            var events = TransferDecider.Lapse(transfer, Account, today);
            if (events.OfTransfer.Count > 0)
            {
                Take(transfer.Id, events, "time", "lapse");
                lapsed.Add(transfer.Id);
            }
        }

        var expired = ExpiringCredit.Due(Account, Account.Outcomes.Keys, today);
        Expire(expired);
        LookedAtOn = today;
        return $"time passes, lapsed: {string.Join(' ', lapsed)}, days of expiry: {expired.Count}";
    }

    private void Expire(IReadOnlyList<object> events)
    {
        foreach (var one in events)
        {
            AccountFold.Apply(Account, one);
            Events.Add(one);
        }
    }

    /// <summary>The learner appeals, and a panel decides at once.</summary>
    private string Appeal()
    {
        var decided = transfers.Values.Where(pair => !TransferStates.IsOpen(pair.Transfer.State)).ToList();
        if (decided.Count == 0)
        {
            return "appeal against nothing";
        }

        var before = decided[chance.Next(decided.Count)];
        var id = before.Transfer.Id;
        var appealId = $"a{number}";
        var filed = AppealDecider.File(before.Transfer, appealId, "note", [], new TransferTerms(), today);
        if (Take(id, filed, Folded.Learner, "ok") is not "ok" and var words)
        {
            return $"appeal against {id}: {words}";
        }

        var panel = folded.CaseOf(transfers[id]) with
        {
            AppealId = appealId,
            Today = today,
            HeldUntilOn = today.PlusDays(HoldDays),
        };
        return chance.Next(4) switch
        {
            0 => Take(id, AppealDecider.Uphold(panel.Transfer, appealId, "note", Folded.Panel, today), "uphold"),
            1 => Take(id, Reopening.Remand(panel, "note"), "remand"),
            _ => Take(id, Reopening.Vary(panel, "note", Verdicts(panel.Transfer)), "vary"),
        };
    }

    private string Take(string id, Decision<TransferEvents> decision, string words) =>
        Take(id, decision, Folded.Panel, $"appeal {words} {id}");

    /// <summary>Some lines that were not approved are granted, and some that were are taken back.</summary>
    private List<PanelVerdict> Verdicts(Transfer transfer)
    {
        var standing = transfer.StandingLines();
        return
        [
            .. transfer
                .Lines()
                .Where(_ => chance.Next(2) == 0)
                .Select(line => new PanelVerdict(line.Line, !standing.Contains(line.Line), "note", line.CourseCodes)),
        ];
    }

    private string Correct()
    {
        if (Standing() is not { } standing)
        {
            return "correct nothing";
        }

        var before = standing.Position.Record;
        var record = before with
        {
            Revision = before.Revision + 1,
            Credits = new Credits(chance.Next(1, 7)),
            Result = chance.Next(6) == 0 ? OutcomeResults.Failed : OutcomeResults.Passed,
            CompletedOn = today.PlusDays(-chance.Next(400)),
        };
        if (CorrectionDecider.MayNot(standing.Position, record) is { } refusal)
        {
            return $"correct {standing.Position.OutcomeId}: {refusal.Code}";
        }

        var old = standing.Position.Recognition!;
        var recognised = folded.Recognise(standing.Position.OutcomeId, record) with
        {
            Replaces = old.Value.IsNothing ? null : old.Value,
            ReplacesOn = old.Value.IsNothing ? null : old.EffectiveOn,
        };
        var corrected = new OutcomeCorrected(standing.Position.OutcomeId, record, "creditChange", null, null);
        Take(CorrectionDecider.Decide(standing, corrected, recognised, today));
        return $"correct {standing.Position.OutcomeId} to {record.Credits} {record.Result}";
    }

    private string End()
    {
        if (Standing() is not { } standing)
        {
            return "end nothing";
        }

        var withdraws = chance.Next(2) == 0;
        var decision = withdraws
            ? OutcomeDecider.Withdraw(standing, "issuerError", null, today)
            : OutcomeDecider.Revoke(standing, "fraud", null, today);
        if (!decision.Is(out var events, out var refusal))
        {
            return $"end {standing.Position.OutcomeId}: {refusal.Code}";
        }

        Take(events);
        return $"{(withdraws ? "withdraw" : "revoke")} {standing.Position.OutcomeId}";
    }

    private string Take(string id, Decision<TransferEvents> decision, string actorId, string words)
    {
        if (!decision.Is(out var events, out var refusal))
        {
            return $"{words}: {refusal.Code}";
        }

        var following = ExpiringCredit.Following(Account, events.OfAccount, today);
        Events.AddRange(events.OfAccount);
        transfers[id] = folded.Take(transfers.TryGetValue(id, out var from) ? from : null, decision, actorId);
        Expire(following);
        return words;
    }

    private void Take(OutcomeEvents events)
    {
        Take(events.OfAccount);
        foreach (var one in events.OfTransfers)
        {
            var (transfer, proposal) = transfers[one.TransferId];
            transfers[one.TransferId] = (transfer.Apply(one), proposal);
        }
    }

    /// <summary>
    /// Mostly an open transfer; now and then a closed one, of which the deciders must refuse everything.
    /// </summary>
    private (Transfer Transfer, Proposal Proposal)? Choose()
    {
        var open = transfers.Values.Where(pair => TransferStates.IsOpen(pair.Transfer.State)).ToList();
        var from = open.Count > 0 && chance.Next(8) > 0 ? open : [.. transfers.Values];
        return from.Count == 0 ? null : from[chance.Next(from.Count)];
    }

    private OutcomeStanding? Standing()
    {
        if (Account.Outcomes.Count == 0)
        {
            return null;
        }

        var position = Account.Outcomes.Values.ElementAt(chance.Next(Account.Outcomes.Count));
        var open = position.Holds.Keys.ToDictionary(id => id, id => transfers[id].Transfer);
        return new OutcomeStanding(Account, position, open);
    }
}
