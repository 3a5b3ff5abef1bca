using System.Globalization;
using System.Text;
using CreditBank.Ledger.Journal;
using NodaTime;

namespace CreditBank.Api.Audit;

/// <summary>What a replay looks at.</summary>
/// <param name="KnownAt">Also add up what was known at this instant, inclusive; none leaves that out.</param>
/// <param name="Other">Also evaluate every decision again under this version; none leaves that out.</param>
public sealed record ReplayOptions(Instant? KnownAt, OtherRules? Other = null);

/// <summary>How far a replay is.</summary>
/// <param name="EventsRead">Events read so far.</param>
/// <param name="SequencesPassed">Sequence numbers passed so far, gaps included; twice where decisions are replayed.
/// </param>
/// <param name="SequencesTotal">Sequence numbers to pass.</param>
/// <param name="Seconds">Seconds since it started.</param>
public sealed record ReplayProgress(long EventsRead, long SequencesPassed, long SequencesTotal, decimal Seconds)
{
    /// <summary>From 0 to 100.</summary>
    public decimal Percent => SequencesTotal == 0 ? 100 : Math.Round(100m * SequencesPassed / SequencesTotal, 1);

    /// <summary>Seconds left at the rate so far; none before anything was read.</summary>
    public decimal? SecondsLeft =>
        SequencesPassed == 0 ? null : Math.Round(Seconds * (SequencesTotal - SequencesPassed) / SequencesPassed, 1);
}

/// <summary>A figure that storage and the recomputation disagree on.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Figure">Which figure, such as <c>available</c>, <c>granted uni-a/prog-1</c> or <c>version</c>.</param>
/// <param name="Unit">The figure's unit; none for a version.</param>
/// <param name="Stored">What storage says; none where it says nothing.</param>
/// <param name="Recomputed">What the events say; none where they say nothing.</param>
public sealed record ReplayDifference(
    string AccountId,
    string Figure,
    string? Unit,
    string? Stored,
    string? Recomputed
);

/// <summary>What a replay found.</summary>
public sealed record ReplayReport
{
    /// <summary>How many differences are listed at most; all are counted.</summary>
    public const int DifferencesListedMax = 1000;

    /// <summary>Books read.</summary>
    public required int Books { get; init; }

    /// <summary>Events read, whether they move credit or not.</summary>
    public required long EventsRead { get; init; }

    /// <summary>Accounts on which credit moved.</summary>
    public required long Accounts { get; init; }

    /// <summary>Figures compared.</summary>
    public required long FiguresCompared { get; init; }

    /// <summary>Figures that differ; 0 is what the bank lives on.</summary>
    public required long DifferenceCount { get; init; }

    /// <summary>The first differences, at most <see cref="DifferencesListedMax"/>.</summary>
    public required IReadOnlyList<ReplayDifference> Differences { get; init; }

    /// <summary>Whether every measure and unit added up to zero in every book.</summary>
    public required bool TrialBalanceIsZero { get; init; }

    /// <summary>The instant asked for.</summary>
    public Instant? KnownAt { get; init; }

    /// <summary>The sums by chart account over all books as known at that instant.</summary>
    public IReadOnlyList<TrialBalanceLine>? KnownThen { get; init; }

    /// <summary>The decisions under the version that was asked for.</summary>
    public RuleSetReplayReport? RuleSets { get; init; }

    /// <summary>How long it took.</summary>
    public required decimal Seconds { get; init; }

    /// <summary>Events read in a second.</summary>
    public decimal EventsPerSecond => Seconds > 0 ? Math.Round(EventsRead / Seconds) : 0;

    /// <summary>The report as a person reads it on a terminal.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Read {EventsRead:N0} events of {Books} books in {Seconds:F1} s ({EventsPerSecond:N0} a second)."
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Compared {FiguresCompared:N0} figures of {Accounts:N0} accounts: {DifferenceCount:N0} differences."
        );
        text.AppendLine(TrialBalanceIsZero ? "Every unit adds up to zero." : "NOT every unit adds up to zero.");
        foreach (var line in KnownThen ?? [])
        {
            var sums = string.Join(", ", line.Accounts.Select(sum => $"{sum.Account} {sum.Sum}"));
            text.AppendLine(CultureInfo.InvariantCulture, $"Known at {KnownAt}: {line.Unit}: {sums}");
        }

        RuleSets?.WriteTo(text);
        foreach (var difference in Differences)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {difference.AccountId} {difference.Figure} {difference.Unit}: "
                    + $"stored {difference.Stored ?? "nothing"}, recomputed {difference.Recomputed ?? "nothing"}"
            );
        }

        return text.ToString();
    }
}
