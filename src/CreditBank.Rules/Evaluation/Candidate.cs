using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>A way to use outcomes: the sources of one branch of an equivalence for one set of targets.</summary>
internal sealed class Candidate
{
    public required RuleSet Rules { get; init; }

    /// <summary>None where an evaluator decides without a rule.</summary>
    public Equivalence? Equivalence { get; init; }

    /// <summary>In the order of their index.</summary>
    public required PreparedOutcome[] Sources { get; init; }

    public required CourseFacts[] Targets { get; init; }

    public FreeCredit? Free { get; init; }

    /// <summary>The whole grant in standard credit, before caps.</summary>
    public required Credits Grant { get; init; }

    /// <summary>The grant of each target, in their order; one entry for free credit.</summary>
    public required Credits[] Shares { get; init; }

    /// <summary>What stands in the way; empty when nothing does.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public bool Accepted { get; init; }

    /// <summary>Whether what is not used stays available.</summary>
    public bool Retains { get; init; }

    /// <summary>The clauses that let it pass, for citation.</summary>
    public required IReadOnlyList<string> Clauses { get; init; }

    public decimal? Similarity { get; init; }

    /// <summary>What it adds to which caps; counted once, when first asked for.</summary>
    public IReadOnlyList<CapHit>? Hits { get; set; }

    public LineResult Result =>
        Findings.Count == 0 ? LineResult.Match
        : Findings.All(finding => finding.ForEvaluator) ? LineResult.Maybe
        : LineResult.Miss;

    /// <summary>The finding that decides: a miss before a maybe, the first found before others.</summary>
    public Finding Decisive => Findings.FirstOrDefault(finding => finding.Result == LineResult.Miss) ?? Findings[0];

    public Credits AvailableStandard => Sources.Sum(source => source.AvailableStandard);

    public string Key => Equivalence?.Id ?? "";
}
