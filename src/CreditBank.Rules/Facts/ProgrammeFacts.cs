using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>A version of a programme as the receiving institution registered it; amounts in standard credit.</summary>
public sealed record ProgrammeFacts
{
    /// <summary>The receiving institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The programme's id within the institution.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>The version of its registration, counted from 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The level of its award in the rule set's framework; none where unknown.</summary>
    public string? Level { get; init; }

    /// <summary>The credits the award needs; shares of caps are taken of it.</summary>
    public required Credits TotalCredits { get; init; }

    /// <summary>The family of rule sets it binds itself to, such as <c>sqf</c>.</summary>
    public required string RuleSetFamily { get; init; }

    /// <summary>Its courses; codes are unique within it.</summary>
    public IReadOnlyList<CourseFacts> Courses { get; init; } = [];
}

/// <summary>A course of a programme.</summary>
/// <param name="Code">Unique within the programme.</param>
/// <param name="Title">For explanations.</param>
/// <param name="Credits">In standard credit; what a conversion into it grants.</param>
/// <param name="Category">The programme's own category, such as <c>core</c> or <c>foundation</c>.</param>
/// <param name="Compulsory">Whether the award needs it.</param>
public sealed record CourseFacts(string Code, string Title, Credits Credits, string? Category, bool Compulsory);
