using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>An outcome as one version sees it: normalised, placed, scored, with what is free of it.</summary>
internal sealed class PreparedOutcome
{
    public required OutcomeFacts Facts { get; init; }

    public required BoundOutcome Bound { get; init; }

    /// <summary>Its place in the request, in ordinal order of ids.</summary>
    public required int Index { get; init; }

    public string UnitId { get; init; } = "";

    /// <summary>The size in the source's unit.</summary>
    public Credits Source { get; init; }

    /// <summary>The size in standard credit; none before it is worked out.</summary>
    public Credits? Worth { get; init; }

    public Ratio Ratio { get; init; } = Ratio.One;

    /// <summary>The clauses that made the worth.</summary>
    public IReadOnlyList<string> WorthClauses { get; init; } = [];

    /// <summary>The clause that lets it be used beside earlier uses; none where it has none.</summary>
    public string? SpendClause { get; set; }

    /// <summary>The clause that stood in for a missing grade.</summary>
    public string? ScoreClause { get; set; }

    public int? Rank { get; init; }

    public string? Level { get; init; }

    public string? LevelProblem { get; init; }

    /// <summary>On the scale of 100; none where no grade can be read.</summary>
    public Credits? Score { get; set; }

    /// <summary>What is free, in the source's unit.</summary>
    public Credits AvailableSource { get; set; }

    /// <summary>What is free, in standard credit.</summary>
    public Credits AvailableStandard { get; set; }

    public NodaTime.LocalDate? ExpiresOn { get; set; }

    /// <summary>What stands against any use; none when nothing does.</summary>
    public Finding? Finding { get; set; }

    /// <summary>Keys of which only one outcome counts: a family, a normalised title.</summary>
    public IReadOnlyList<ExclusiveKey> Exclusive { get; set; } = [];

    public static PreparedOutcome Bare(OutcomeFacts facts) =>
        new()
        {
            Facts = facts,
            Bound = Unbound(facts),
            Index = 0,
        };

    /// <summary>An outcome that no version was picked for.</summary>
    public static BoundOutcome Unbound(OutcomeFacts facts) => new(facts, [], "", null);
}

/// <summary>A key of which only one outcome counts, the code with which the others end, and the clause.</summary>
internal readonly record struct ExclusiveKey(string Key, string Code, string? Clause);
