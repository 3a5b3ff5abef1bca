using CreditBank.Api.Accounts;
using CreditBank.Api.Appeals;
using CreditBank.Api.Evaluations;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;

namespace CreditBank.Api.Tests.Lives;

/// <summary>What was decided on transfers: lines, caps, filled courses, persons, versions.</summary>
internal sealed partial class LedgerModel
{
    /// <summary>One event of a decision on a transfer, and whose decision it was.</summary>
    public void Decided(string id, object one, string actorId)
    {
        if (one is TransferSubmitted submitted)
        {
            var ticket = new Ticket { Submitted = submitted, SubmittedBy = actorId };
            Expect(tickets.TryAdd(id, ticket), $"{id} was submitted twice");
            return;
        }

        Decided(tickets[id], one, actorId);
    }

    private void Decided(Ticket ticket, object one, string actorId)
    {
        switch (one)
        {
            case MaybeLinesDecided:
                Expect(ticket.SubmittedBy != actorId, $"{actorId} submitted and evaluated");
                ticket.EvaluatedBy.Add(actorId);
                break;
            case TransferEvaluated evaluated:
                Evaluated(ticket, evaluated);
                break;
            case TransferApproved approved:
                Closed(ticket, actorId);
                Posted(ticket, approved.Lines);
                break;
            case TransferReturned or TransferRejected:
                Closed(ticket, actorId);
                break;
            case TransferWithdrawn or TransferLapsed:
                lines.RemoveAll(line => line.Of == ticket && !line.IsPosted);
                break;
            case AppealDismissed:
                Judged(ticket, actorId);
                break;
            case AppealDecided decided:
                Judged(ticket, actorId);
                ticket.IsVarying = decided.Decision == AppealDecisions.Vary;
                break;
            case TransferReopened { AppealId: not null } reopened:
                foreach (var outcome in reopened.OutcomeIds.Select(outcomeId => outcomes[outcomeId]))
                {
                    // What ended since the application, because the transfer let go of it, is there again.
                    outcome.Expiries.RemoveAll(expiry => expiry.On >= ticket.Submitted.SubmittedOn);
                }

                break;
            case TransferLinesVoided voided:
                foreach (var number in voided.Lines)
                {
                    var gone = lines.RemoveAll(line => line.Of == ticket && line.IsPosted && line.Number == number);
                    Expect(gone == 1, $"a panel took back line {number}, which does not stand");
                }

                break;
        }
    }

    /// <summary>What is in play now; what was approved before stays as it was.</summary>
    private void Evaluated(Ticket ticket, TransferEvaluated evaluated)
    {
        lines.RemoveAll(line => line.Of == ticket && !line.IsPosted);
        lines.AddRange(
            evaluated
                .Lines.Where(line => line.Result != LineResults.Miss && !ticket.Approved.Contains(line.Line))
                .Select(line => new Line(ticket, line, IsPosted: false))
        );
        ticket.Evaluated = evaluated;
        var family = LifeRules
            .GroundOf(ticket.Submitted.InstitutionId, ticket.Submitted.ProgrammeId)
            .Programme.RuleSetFamily;
        var then = LifeRules.Catalog.InForce(family, ticket.Submitted.SubmittedOn)!;
        var now = then.Binding == BindingPolicy.AtDecision ? LifeRules.Catalog.InForce(family, today)! : then;
        Expect(
            evaluated.RuleSetVersion == then.Version || evaluated.RuleSetVersion == now.Version,
            $"{evaluated.RuleSetVersion} decided, which does not bind"
        );
        Expect(
            evaluated.Lines.Select(line => line.Line).Distinct().Count() == evaluated.Lines.Count,
            $"{ticket.Submitted.TransferId} has two lines of one number"
        );
    }

    /// <summary>Who submitted or evaluated decides nothing, but a panel goes through a whole round itself.</summary>
    private void Closed(Ticket ticket, string actorId)
    {
        Expect(
            ticket.IsVarying || actorId != ticket.SubmittedBy && !ticket.EvaluatedBy.Contains(actorId),
            $"{actorId} submitted or evaluated {ticket.Submitted.TransferId} and decided it"
        );
        ticket.DecidedBy.Add(actorId);
        foreach (var line in lines.Where(line => line.Of == ticket && !line.IsPosted).ToList())
        {
            lines.Remove(line);
        }
    }

    private void Judged(Ticket ticket, string actorId)
    {
        Expect(
            actorId != ticket.SubmittedBy
                && !ticket.EvaluatedBy.Contains(actorId)
                && !ticket.DecidedBy.Contains(actorId),
            $"{actorId} had to do with {ticket.Submitted.TransferId} before and judged the appeal"
        );
        ticket.DecidedBy.Add(actorId);
    }

    private void Posted(Ticket ticket, IReadOnlyList<int> numbers)
    {
        foreach (var number in numbers)
        {
            Expect(ticket.Approved.Add(number), $"line {number} of {ticket.Submitted.TransferId} was approved twice");
            var shown = ticket.Evaluated!.Lines.First(line => line.Line == number);
            var posted = new Line(ticket, shown, IsPosted: true);
            Expect(shown.Result == LineResults.Match, $"line {number} was approved and is no match");
            foreach (var id in shown.OutcomeIds)
            {
                Expect(outcomes[id].Status == OutcomeStatus.Recorded, $"{id} had ended when it was converted");
                Expect(outcomes[id].Record.Kind != OutcomeKinds.Leisure, $"{id} is leisure and was converted");
            }

            foreach (var course in CoursesOf(posted).Intersect(In(ticket.Programme).SelectMany(CoursesOf)))
            {
                Faults.Add($"{course} was filled already");
            }

            lines.Add(posted);
        }

        var total = LifeRules
            .GroundOf(ticket.Submitted.InstitutionId, ticket.Submitted.ProgrammeId)
            .Programme.TotalCredits;
        var granted = In(ticket.Programme).SelectMany(line => line.Shown.Grants).Sum(grant => grant.Amount);
        Expect(
            granted.Value <= total.Value * LifeRules.CapShare,
            $"{granted} of {total} are converted in {ticket.Programme}"
        );
    }

    private IEnumerable<Line> In(string programme) =>
        lines.Where(line => line.IsPosted && line.Of.Programme == programme);

    private static IEnumerable<string> CoursesOf(Line line) =>
        line.Shown.Grants.Select(grant => grant.CourseCode).Where(code => code.Length > 0);
}
