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

/// <summary>How long an outcome can be used.</summary>
/// <param name="On">The first day on which it no longer can.</param>
/// <param name="Clause">The clause that says so; none where only the default holds.</param>
public sealed record ExpiryTerm(LocalDate On, Citation? Clause);

/// <summary>When outcomes expire: shelf lives and the validity of certificates.</summary>
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

    /// <summary>
    /// The term of an outcome: its shelf life or, where the rule set wants a certificate valid at the application, the
    /// day after its last; whichever is over first.
    /// </summary>
    public static ExpiryTerm? TermOf(OutcomeFacts outcome, RuleSet rules) => Find(outcome, rules);

    /// <summary>What expires up to and including a day, ordered by day and outcome.</summary>
    public static IReadOnlyList<ExpiredCredit> Due(IEnumerable<OutcomeFacts> outcomes, RuleSet rules, LocalDate on)
    {
        var due = new List<ExpiredCredit>();
        foreach (var outcome in outcomes)
        {
            if (Find(outcome, rules) is not { } term || term.On > on)
                continue;
            var worth = Worth.Of(outcome, rules);
            var free = outcome.Available ?? worth.Source - outcome.Uses.Sum(use => use.Amount);
            if (free.IsPositive)
                due.Add(new ExpiredCredit(outcome.OutcomeId, worth.UnitId, free, term.On, term.Clause));
        }

        return [.. due.OrderBy(credit => credit.ExpiredOn).ThenBy(credit => credit.OutcomeId, StringComparer.Ordinal)];
    }

    private static ExpiryTerm? Find(OutcomeFacts outcome, RuleSet rules)
    {
        var until = outcome.Certificate?.ValidUntilOn;
        if (until is null && !rules.Clauses.Asks(Question.ShelfLife))
            return null;
        var days = new RequestDays(outcome.CompletedOn, outcome.CompletedOn, outcome.CompletedOn);
        var facts = new SituationFacts(rules, NoProgramme, days) { Outcome = PreparedOutcome.Bare(outcome) };
        var life = rules.Clauses.Decide(Question.ShelfLife, facts);
        var shelf = life.Answer?.Span is { } span ? Term(span.After(outcome.CompletedOn), life, rules) : null;
        if (until is not { } last)
            return shelf;
        var valid = rules.Clauses.Decide(Question.CertificateValidAt, facts);
        var term = valid.Word == "application" ? Term(last.PlusDays(1), valid, rules) : null;
        return shelf is null || term?.On < shelf.On ? term : shelf;
    }

    private static ExpiryTerm Term(LocalDate on, Decided decided, RuleSet rules) =>
        new(on, decided.Clause is { } by ? new Citation(rules.Version, by.Id) : null);
}
