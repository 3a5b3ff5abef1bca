using CreditBank.Api.Appeals;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Api.Transfers;
using CreditBank.Ledger.Events;

namespace CreditBank.Api.Tests.Lives;

/// <summary>Appeals, from the filing to the panel's word.</summary>
internal sealed partial class GeneratedLife
{
    private IEnumerable<Command> OfAppeals() =>
        [
            new("appeal", 24, () => AnyAppealable(), FileAppeal),
            new("answerAppeal", 5, () => AnyAppealed(), AnswerAppeal),
            new("decideAppeal", 26, () => AnyAppealed(), DecideAppeal),
            new("evaluateAgain", 60, () => entries.Values.Any(IsFallen), EvaluateAgain),
        ];

    private static Appeal? Open(Entry entry) =>
        entry.Transfer.Appeals.FirstOrDefault(appeal => AppealStates.IsOpen(appeal.State));

    private bool AnyAppealed() => entries.Values.Any(entry => IsOwn(entry) && Open(entry) is not null);

    private bool AnyAppealable() => entries.Values.Any(IsAppealable);

    private bool IsAppealable(Entry entry) =>
        IsOwn(entry)
        && AppealDecider.File(entry.Transfer, "apl", "note", [], new TransferTerms(), today).Refusal is null;

    private string FileAppeal()
    {
        var (own, fit) = (entries.Values.Where(IsOwn).ToList(), entries.Values.Where(IsAppealable).ToList());
        if (own.Count == 0)
        {
            return "nothing";
        }

        var from = fit.Count > 0 && !lot.OneIn(10, "any transfer") ? fit : own;
        var entry = lot.Of("appealed", from, entry => entry.Id);
        var filed = AppealDecider.File(entry.Transfer, Named("a"), "note", [], new TransferTerms(), today);
        return Take(entry.Id, filed, Folded.Learner, "appeal");
    }

    private string AnswerAppeal()
    {
        if (Appealed("answered") is not { } entry)
        {
            return "nothing";
        }

        var appealId = entry.Transfer.Appeals[^1].Id;
        var admits = !lot.OneIn(3, "dismiss");
        var who = Who(Folded.Panel);
        var answer = AppealDecider.Answer(entry.Transfer, appealId, admits, "note", who, today);
        return Take(entry.Id, answer, who, admits ? "admit" : "dismiss");
    }

    private string DecideAppeal()
    {
        if (Appealed("decided") is not { } entry)
        {
            return "nothing";
        }

        var panel = CaseOf(entry, Who(Folded.Panel));
        var (decision, name) = lot.Draw("panel", 6) switch
        {
            0 => (AppealDecider.Uphold(entry.Transfer, panel.AppealId, "note", panel.ActorId, today), "uphold"),
            1 or 2 => (Reopening.Remand(panel, "note"), "remand"),
            _ => (Reopening.Vary(panel, "note", Verdicts(entry.Transfer)), "vary"),
        };
        var told = Take(entry.Id, decision, panel.ActorId, name);
        if (
            name == "vary"
            && decision.Is(out var events, out _)
            && events.OfTransfer.Any(one => one is TransferLinesVoided)
        )
        {
            Did("posted line unwound by panel");
        }

        return told;
    }

    private bool IsFallen(Entry entry) =>
        IsOwn(entry) && CorrectedLines.MayFollow(entry.Transfer) && CorrectedLines.Fallen(entry.Transfer).Any();

    /// <summary>What the bank does behind a correction; also told of an outcome that was never corrected.</summary>
    private string EvaluateAgain()
    {
        var could = entries.Values.Where(entry => IsOwn(entry) && CorrectedLines.MayFollow(entry.Transfer)).ToList();
        var fallen = could.Where(IsFallen).ToList();
        var from = fallen.Count > 0 && !lot.OneIn(5, "any decided") ? fallen : could;
        if (from.Count == 0)
        {
            return "nothing";
        }

        var entry = lot.Of("evaluated again", from, entry => entry.Id);
        var standing = entry.Transfer.StandingLines();
        var resting = entry
            .Transfer.Lines()
            .Where(line => standing.Contains(line.Line))
            .SelectMany(line => line.OutcomeIds)
            .Where(Account.Outcomes.ContainsKey)
            .Distinct()
            .ToList();
        var round = new TransferRound(entry.Transfer, Account, entry.Proposal);
        if (resting.Count > 0)
        {
            var outcomeId = lot.Of("told of", resting);
            var then = CorrectedLines.RecordsThen(Events, entry.Id, outcomeId);
            round = CorrectedLines.TakeBack(round, outcomeId, then, EvaluationOf, today);
            Assert.True(
                round.Events.OfTransfer.Count == 0 || Account.Outcomes[outcomeId].Record.Revision > 1,
                $"a line of {entry.Id} fell with {outcomeId}, which nobody corrected"
            );
        }

        round = CorrectedLines.Reopen(round, EvaluationOf, today, today.PlusDays(HoldDays));
        return round.Events.OfTransfer.Count == 0
            ? "nothing"
            : Take(entry.Id, round.Events, "the bank", "evaluateAgain");
    }

    private PanelCase CaseOf(Entry entry, string actorId) =>
        new(
            entry.Transfer,
            Account,
            entry.Proposal,
            EvaluationOf,
            entry.Transfer.Appeals[^1].Id,
            actorId,
            today,
            today.PlusDays(HoldDays)
        );

    /// <summary>Lines that do not stand are granted, one at least, and a few that do are taken back.</summary>
    private List<PanelVerdict> Verdicts(Transfer transfer)
    {
        var standing = transfer.StandingLines();
        var fell = transfer.VoidedLines.Select(line => line.Line).ToHashSet();
        var could = transfer
            .Lines()
            .Where(line =>
                !standing.Contains(line.Line) && (line.Result != LineResults.Miss || fell.Contains(line.Line))
            )
            .ToList();
        var sure = could.Count == 0 ? 0 : lot.Of("surely", could, line => $"{line.Line}").Line;
        var courses = LifeRules.Programmes[0].Programme.Courses.Select(course => course.CourseCode).ToList();
        return
        [
            .. transfer
                .Lines()
                .Where(line =>
                    line.Line == sure || lot.OneIn(standing.Contains(line.Line) ? 3 : 4, $"line {line.Line}")
                )
                .Select(line => new PanelVerdict(
                    line.Line,
                    !standing.Contains(line.Line),
                    "note",
                    line.CourseCodes.Count > 0 ? line.CourseCodes : [lot.Of($"for {line.Line}", courses)]
                )),
        ];
    }

    private Entry? Appealed(string what)
    {
        var all = entries.Values.Where(entry => IsOwn(entry) && entry.Transfer.Appeals.Count > 0).ToList();
        var open = all.Where(entry => Open(entry) is not null).ToList();
        var from = open.Count > 0 && !lot.OneIn(10, "any appeal") ? open : all;
        return from.Count == 0 ? null : lot.Of(what, from, entry => entry.Id);
    }

    /// <summary>An account that goes into another has no open appeal.</summary>
    private void DismissAll()
    {
        foreach (var entry in entries.Values.Where(entry => IsOwn(entry) && Open(entry) is not null).ToList())
        {
            const string Another = "another panel";
            var answer = AppealDecider.Uphold(entry.Transfer, Open(entry)!.Id, "note", Another, today);
            Take(entry.Id, answer, Another, "uphold");
        }
    }
}
