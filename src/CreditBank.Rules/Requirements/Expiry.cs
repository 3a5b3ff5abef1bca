using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>Credit whose shelf life is over. What was redeemed before is untouched (RK-35).</summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Amount">What of it was still free, in that unit.</param>
/// <param name="ExpiredOn">The first day on which it cannot be used.</param>
/// <param name="Clause">The clause that sets the shelf life; none where only the default holds.</param>
public sealed record ExpiredCredit(
    string OutcomeId,
    string Unit,
    Credits Amount,
    LocalDate ExpiredOn,
    Citation? Clause
);

/// <summary>The shelf life of outcomes.</summary>
public static class Expiry
{
    private static readonly ProgrammeFacts NoProgramme = new()
    {
        InstitutionId = "",
        ProgrammeId = "",
        TotalCredits = Credits.Zero,
        RuleSetFamily = "",
    };

    /// <summary>The first day on which an outcome can no longer be used; none when it never expires.</summary>
    public static LocalDate? ExpiresOn(OutcomeFacts outcome, RuleSet rules) => Find(outcome, rules)?.On;

    /// <summary>What expires up to and including a day, ordered by day and outcome.</summary>
    public static IReadOnlyList<ExpiredCredit> Due(IEnumerable<OutcomeFacts> outcomes, RuleSet rules, LocalDate on)
    {
        var due = new List<ExpiredCredit>();
        foreach (var outcome in outcomes)
        {
            if (Find(outcome, rules) is not var (expiresOn, clause) || expiresOn > on)
                continue;
            var worth = Worth.Of(outcome, rules);
            var free = outcome.Available ?? worth.Source - outcome.Uses.Sum(use => use.Amount);
            if (free.IsPositive)
                due.Add(new ExpiredCredit(outcome.OutcomeId, worth.UnitId, free, expiresOn, clause));
        }

        return [.. due.OrderBy(credit => credit.ExpiredOn).ThenBy(credit => credit.OutcomeId, StringComparer.Ordinal)];
    }

    private static (LocalDate On, Citation? Clause)? Find(OutcomeFacts outcome, RuleSet rules)
    {
        var days = new RequestDays(outcome.CompletedOn, outcome.CompletedOn, outcome.CompletedOn);
        var facts = new SituationFacts(rules, NoProgramme, days) { Outcome = PreparedOutcome.Bare(outcome) };
        var decided = rules.Clauses.Decide(Question.ShelfLife, facts);
        if (decided.Answer?.Span is not { } life)
            return null;
        var clause = decided.Clause is { } by ? new Citation(rules.Version, by.Id) : null;
        return (life.After(outcome.CompletedOn), clause);
    }
}
