using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>Whether a refusing clause stands against an outcome, whatever the target.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Refuses">Whether it holds, after its exceptions.</param>
/// <param name="Code">The code it refuses with.</param>
/// <param name="Explanation">Its words when it refuses, its title when it does not.</param>
public sealed record OutcomeRefusal(Citation Clause, bool Refuses, string Code, BilingualText Explanation);

/// <summary>Holds an outcome against every refusing clause that needs no target, before a programme is even chosen.</summary>
public static class OutcomeRefusals
{
    /// <summary>Every such clause and whether it refuses, in the order of their ids. Pure.</summary>
    public static IReadOnlyList<OutcomeRefusal> Of(OutcomeFacts outcome, RuleSet rules, ProgrammeFacts programme)
    {
        var on = outcome.CompletedOn;
        var worth = Worth.Of(outcome, rules);
        var scale = outcome.Grade is { } grade ? rules.Scales.GetValueOrDefault(grade.Scale) : null;
        var facts = new SituationFacts(rules, programme, new RequestDays(on, on, on))
        {
            Outcome = new PreparedOutcome
            {
                Facts = outcome,
                Bound = PreparedOutcome.Unbound(outcome),
                Index = 0,
                UnitId = worth.UnitId,
                Worth = worth.Standard,
                Rank = rules.RankOf(Placing.Of(outcome, rules).Level),
                Score = scale?.Hundred(outcome.Grade!.Value),
            },
        };
        var clauses = rules.Clauses.RefusingOutcomes;
        var refusals = new OutcomeRefusal[clauses.Length];
        for (var i = 0; i < clauses.Length; i++)
        {
            var refusing = ClauseBook.Refusal(clauses[i], facts);
            var shown = refusing ?? clauses[i];
            refusals[i] = new OutcomeRefusal(
                new Citation(rules.Version, shown.Id),
                refusing is not null,
                shown.RefuseCode ?? clauses[i].RefuseCode!,
                refusing?.Text ?? shown.Title
            );
        }

        return refusals;
    }
}
