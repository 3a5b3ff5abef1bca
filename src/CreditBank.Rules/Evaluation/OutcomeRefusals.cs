using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>Whether a refusing clause stands against an outcome, whatever the target.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Refuses">Whether it holds, after its exceptions.</param>
/// <param name="Code">The code it refuses with.</param>
/// <param name="Explanation">Its words when it refuses, its title when it does not.</param>
public sealed record OutcomeRefusal(Citation Clause, bool Refuses, string Code, BilingualText Explanation);

/// <summary>
/// Holds an outcome against every refusing clause that needs no target, before a programme is even chosen.
/// </summary>
public static class OutcomeRefusals
{
    private static readonly BoundOutcome Unbound = PreparedOutcome.Unbound(
        new OutcomeFacts
        {
            OutcomeId = "",
            InstitutionId = "",
            Kind = "",
            CompletedOn = BankCalendar.EarliestOn,
        }
    );

    /// <summary>Every such clause and whether it refuses, in the order of their ids. Pure.</summary>
    public static IReadOnlyList<OutcomeRefusal> Of(OutcomeFacts outcome, RuleSet rules, ProgrammeFacts programme)
    {
        var on = outcome.CompletedOn;
        var book = rules.Clauses;
        var worth = book.RefusalsAskForWorth ? Worth.Of(outcome, rules) : null;
        var scale = outcome.Grade is { } grade ? rules.Scales.GetValueOrDefault(grade.Scale) : null;
        var facts = new SituationFacts(rules, programme, new RequestDays(on, on, on))
        {
            Outcome = new PreparedOutcome
            {
                Facts = outcome,
                Bound = Unbound,
                Index = 0,
                UnitId = worth?.UnitId ?? "",
                Worth = worth?.Standard,
                Rank = book.RefusalsAskForLevel ? rules.RankOf(Placing.Of(outcome, rules).Level) : null,
                Score = scale?.Hundred(outcome.Grade!.Value),
            },
        };
        var refusals = new OutcomeRefusal[book.RefusingOutcomes.Length];
        for (var i = 0; i < refusals.Length; i++)
        {
            var clause = book.RefusingOutcomes[i];
            var refusing = ClauseBook.Refusal(clause, facts);
            refusals[i] = refusing is null
                ? clause.Passing ??= Say(clause, rules, refuses: false)
                : refusing.Refusing ??= Say(refusing, rules, refuses: true);
        }

        return refusals;
    }

    private static OutcomeRefusal Say(Clause clause, RuleSet rules, bool refuses) =>
        new(
            new Citation(rules.Version, clause.Id),
            refuses,
            clause.RefuseCode!,
            (refuses ? clause.Text : null) ?? clause.Title
        );
}
