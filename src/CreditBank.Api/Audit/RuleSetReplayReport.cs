using System.Globalization;
using System.Text;
using CreditBank.Kernel;
using CreditBank.Rules;

namespace CreditBank.Api.Audit;

/// <summary>
/// What the ledger's decisions would be under another version: every recognition that stands and every approved
/// transfer, evaluated again. It names no account, outcome or transfer. Nothing changes by it.
/// </summary>
public sealed record RuleSetReplayReport
{
    /// <summary>How many learners are listed at most; all are counted.</summary>
    public const int LearnersListedMax = 1000;

    /// <summary>How many differences of one learner are listed at most; all are counted.</summary>
    public const int DifferencesOfLearnerMax = 20;

    /// <summary>The version, in the text it had when this was asked.</summary>
    public required RuleSetReference RuleSet { get; init; }

    /// <summary>Recognitions that were compared: the newest of each outcome that stands.</summary>
    public required long Recognitions { get; init; }

    /// <summary>Approved transfers that were compared.</summary>
    public required long Conversions { get; init; }

    /// <summary>Transfers whose first request was not kept; they are in no figure.</summary>
    public required long NotReplayed { get; init; }

    /// <summary>Decisions under other families; they are in no figure.</summary>
    public required long OtherFamilies { get; init; }

    /// <summary>
    /// Figures compared: standard credit, level and day of expiry of recognitions, granted credit of lines.
    /// </summary>
    public required long FiguresCompared { get; init; }

    /// <summary>Figures that differ.</summary>
    public required long DifferenceCount { get; init; }

    /// <summary>Learners with a decision.</summary>
    public required long LearnersCompared { get; init; }

    /// <summary>Learners for whom a figure differs.</summary>
    public required long LearnersTouched { get; init; }

    /// <summary>What is recognised, over all learners, in standard credit.</summary>
    public required Credits RecognisedBefore { get; init; }

    /// <summary>What the version recognises.</summary>
    public required Credits RecognisedAfter { get; init; }

    /// <summary>What was granted, over all learners.</summary>
    public required Credits GrantedBefore { get; init; }

    /// <summary>What the version grants.</summary>
    public required Credits GrantedAfter { get; init; }

    /// <summary>Why figures differ, the most frequent first, at most a hundred.</summary>
    public required IReadOnlyList<RuleSetCause> Causes { get; init; }

    /// <summary>
    /// The learners for whom a figure differs, the largest change first, at most <see cref="LearnersListedMax"/>.
    /// </summary>
    public required IReadOnlyList<LearnerComparison> Learners { get; init; }

    /// <summary>Writes it as a person reads it on a terminal.</summary>
    public void WriteTo(StringBuilder text)
    {
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Under {RuleSet.Version}: {FiguresCompared:N0} figures of {Recognitions:N0} recognitions and "
                + $"{Conversions:N0} transfers compared, {DifferenceCount:N0} differ for {LearnersTouched:N0} learners."
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"  recognised {RecognisedBefore}, would be {RecognisedAfter}; granted {GrantedBefore}, "
                + $"would be {GrantedAfter}"
        );
        foreach (var cause in Causes)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {cause.Count:N0} times {cause.Decision} {cause.Figure}: {string.Join(", ", cause.ClausesBefore)} "
                    + $"-> {string.Join(", ", cause.ClausesAfter)} {cause.CodeAfter}"
            );
        }
    }
}

/// <summary>A figure that another version gives otherwise, and why.</summary>
/// <param name="Decision"><c>recognition</c> or <c>conversion</c>.</param>
/// <param name="Figure"><c>standard</c>, <c>level</c>, <c>expiresOn</c> or <c>granted</c>.</param>
/// <param name="Before">What was decided; none where nothing was.</param>
/// <param name="After">What the version says; none where it says nothing.</param>
/// <param name="ClausesBefore">The clauses that decided.</param>
/// <param name="ClausesAfter">The version's clauses that would decide.</param>
/// <param name="CodeAfter">The code of the version's line, or of what it cannot recognise; none for nothing.</param>
public sealed record RuleSetDifference(
    string Decision,
    string Figure,
    string? Before,
    string? After,
    IReadOnlyList<string> ClausesBefore,
    IReadOnlyList<string> ClausesAfter,
    string? CodeAfter
);

/// <summary>How often figures differ for one and the same reason.</summary>
/// <param name="Decision"><c>recognition</c> or <c>conversion</c>.</param>
/// <param name="Figure"><c>standard</c>, <c>level</c>, <c>expiresOn</c> or <c>granted</c>.</param>
/// <param name="ClausesBefore">The clauses that decided.</param>
/// <param name="ClausesAfter">The version's clauses that would decide.</param>
/// <param name="CodeAfter">The code of the version's line, or of what it cannot recognise; none for nothing.</param>
/// <param name="Count">How many figures.</param>
public sealed record RuleSetCause(
    string Decision,
    string Figure,
    IReadOnlyList<string> ClausesBefore,
    IReadOnlyList<string> ClausesAfter,
    string? CodeAfter,
    long Count
);

/// <summary>One learner under another version.</summary>
/// <param name="Learner">A number within this report; it means nothing outside it.</param>
/// <param name="RecognisedBefore">What is recognised, in standard credit.</param>
/// <param name="RecognisedAfter">What the version recognises.</param>
/// <param name="GrantedBefore">What was granted.</param>
/// <param name="GrantedAfter">What the version grants.</param>
/// <param name="DifferenceCount">How many figures differ.</param>
/// <param name="Differences">The first of them, at most twenty.</param>
public sealed record LearnerComparison(
    int Learner,
    Credits RecognisedBefore,
    Credits RecognisedAfter,
    Credits GrantedBefore,
    Credits GrantedAfter,
    int DifferenceCount,
    IReadOnlyList<RuleSetDifference> Differences
);
