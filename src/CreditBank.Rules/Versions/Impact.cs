using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>A decision as the ledger holds it: what was asked, and what was granted.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="AccountId">The learner's account; only counted, never shown.</param>
/// <param name="Request">What was evaluated.</param>
/// <param name="Granted">What was granted, in standard credit.</param>
public sealed record PastDecision(string TransferId, string AccountId, EvaluationRequest Request, Credits Granted);

/// <summary>What a draft would have decided.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="Before">What was granted.</param>
/// <param name="After">What the draft grants.</param>
/// <param name="Change">After less before.</param>
/// <param name="Proposal">The draft's proposal.</param>
public sealed record ImpactLine(string TransferId, Credits Before, Credits After, Credits Change, Proposal Proposal);

/// <summary>Whom a draft touches, over all decisions looked at. Nothing in the ledger changes by it.</summary>
/// <param name="RuleSet">The draft.</param>
/// <param name="Decisions">How many decisions were looked at.</param>
/// <param name="Changed">How many would come out differently.</param>
/// <param name="LearnersUp">How many learners would gain.</param>
/// <param name="LearnersDown">How many learners would lose.</param>
/// <param name="CreditsUp">The sum of all gains.</param>
/// <param name="CreditsDown">The sum of all losses, as a positive number.</param>
/// <param name="Examples">The largest changes, at most ten, the largest first, then by transfer.</param>
public sealed record ImpactReport(
    RuleSetReference RuleSet,
    int Decisions,
    int Changed,
    int LearnersUp,
    int LearnersDown,
    Credits CreditsUp,
    Credits CreditsDown,
    IReadOnlyList<ImpactExample> Examples
);

/// <summary>One example of an impact report.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="Before">What was granted.</param>
/// <param name="After">What the draft grants.</param>
public sealed record ImpactExample(string TransferId, Credits Before, Credits After);

/// <summary>
/// Replays past decisions under a draft. Decisions can be added in any order and in parts: reports of parts are merged
/// by
/// <see cref="Merge"/>, so the work can be spread over threads.
/// </summary>
public sealed class Impact(RuleSet draft)
{
    private const int ExamplesMax = 10;
    private readonly RuleSetCatalog catalog = new([draft]);
    private readonly Dictionary<string, decimal> byLearner = new(StringComparer.Ordinal);
    private readonly List<ImpactExample> examples = [];
    private int decisions;
    private int changed;
    private decimal up;
    private decimal down;

    /// <summary>What the draft makes of one decision. Pure.</summary>
    public static ImpactLine Of(PastDecision decision, RuleSet draft) =>
        Of(decision, draft, new RuleSetCatalog([draft]));

    /// <summary>Counts one decision.</summary>
    public void Add(PastDecision decision)
    {
        var line = Of(decision, draft, catalog);
        decisions++;
        if (line.Change.IsZero)
            return;
        changed++;
        if (line.Change.IsPositive)
            up += line.Change.Value;
        else
            down -= line.Change.Value;
        byLearner[decision.AccountId] = byLearner.GetValueOrDefault(decision.AccountId) + line.Change.Value;
        examples.Add(new ImpactExample(line.TransferId, line.Before, line.After));
        if (examples.Count > 64)
            KeepLargest();
    }

    /// <summary>Takes over what another part counted. Both parts have the same draft.</summary>
    public void Merge(Impact other)
    {
        decisions += other.decisions;
        changed += other.changed;
        up += other.up;
        down += other.down;
        foreach (var (account, change) in other.byLearner)
            byLearner[account] = byLearner.GetValueOrDefault(account) + change;
        examples.AddRange(other.examples);
        KeepLargest();
    }

    /// <summary>The report of everything counted so far.</summary>
    public ImpactReport Report()
    {
        KeepLargest();
        return new ImpactReport(
            draft.Reference,
            decisions,
            changed,
            byLearner.Values.Count(change => change > 0),
            byLearner.Values.Count(change => change < 0),
            new Credits(up),
            new Credits(down),
            [.. examples]
        );
    }

    private static ImpactLine Of(PastDecision decision, RuleSet draft, RuleSetCatalog catalog)
    {
        var request = decision.Request with { RuleSetVersion = draft.Version };
        var proposal = Evaluator.Evaluate(request, catalog).Proposal!;
        var after = proposal.Totals.Granted;
        return new ImpactLine(decision.TransferId, decision.Granted, after, after - decision.Granted, proposal);
    }

    private void KeepLargest()
    {
        var kept = examples
            .OrderByDescending(example => Math.Abs((example.After - example.Before).Value))
            .ThenBy(example => example.TransferId, StringComparer.Ordinal)
            .Take(ExamplesMax)
            .ToList();
        examples.Clear();
        examples.AddRange(kept);
    }
}
