using CreditBank.Api.Outcomes;
using CreditBank.Api.RuleSets;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Audit;

/// <summary>
/// Compares what was decided with what another version would have decided. Pure; counts as it goes. Decisions of other
/// families than the version's are counted and not asked.
/// </summary>
/// <param name="rules">The other version.</param>
/// <param name="published">All published versions; tells the family of a version that was cited.</param>
public sealed class RuleSetComparison(RuleSet rules, RuleSetCatalog published)
{
    private const int CausesListedMax = 100;
    private const int LearnersKeptMax = 4 * RuleSetReplayReport.LearnersListedMax;
    private const string Recognition = "recognition";
    private const string Conversion = "conversion";

    private readonly RuleSetCatalog catalog = new([rules]);
    private readonly Dictionary<string, RuleSetCause> causes = new(StringComparer.Ordinal);
    private readonly List<LearnerTally> touched = [];
    private readonly LearnerTally sums = new(string.Empty);
    private long recognitions;
    private long conversions;
    private long notReplayed;
    private long otherFamilies;
    private long figures;
    private long differences;
    private long learners;
    private long learnersTouched;

    /// <summary>The conversion of one transfer under the other version; may be asked on several threads.</summary>
    /// <param name="transfer">The transfer; approved, whole or in part.</param>
    /// <param name="first">What its first evaluation was asked; none when it was not kept.</param>
    public ConversionComparison Compare(Transfer transfer, EvaluationRequest? first)
    {
        if (first is null)
        {
            return new ConversionComparison(transfer.AccountId, ConversionComparison.NotKept, []);
        }

        if (first.Programme.RuleSetFamily != rules.Family)
        {
            return new ConversionComparison(transfer.AccountId, ConversionComparison.OtherFamily, []);
        }

        var request = PastDecisions.Of(transfer, first).Request with { RuleSetVersion = rules.Version };
        return Evaluator.Evaluate(request, catalog).Proposal is { } proposal
            ? new ConversionComparison(transfer.AccountId, ConversionComparison.Compared, Figures(transfer, proposal))
            : new ConversionComparison(transfer.AccountId, ConversionComparison.NotKept, []);
    }

    /// <summary>Counts a conversion for its learner.</summary>
    public void Add(LearnerTally learner, ConversionComparison conversion)
    {
        notReplayed += conversion.State == ConversionComparison.NotKept ? 1 : 0;
        otherFamilies += conversion.State == ConversionComparison.OtherFamily ? 1 : 0;
        conversions += conversion.State == ConversionComparison.Compared ? 1 : 0;
        foreach (var (before, after, difference) in conversion.Figures)
        {
            learner.GrantedBefore += before;
            learner.GrantedAfter += after;
            Count(learner, difference, before != after);
        }
    }

    /// <summary>Recognises an outcome anew and counts it for its learner.</summary>
    public void Add(LearnerTally learner, OutcomeRecord record, OutcomeRecognised recognised)
    {
        if (published.Find(recognised.RuleSetVersion)?.Family != rules.Family)
        {
            otherFamilies++;
            return;
        }

        recognitions++;
        var facts = RuleFacts.Of(recognised.OutcomeId, record);
        var fresh = Recogniser.Recognise(facts, rules);
        var passed = record.Result == OutcomeResults.Passed;
        var term = passed ? Rules.Expiry.TermOf(facts, rules) : null;
        var (before, after) = (recognised.Value.Standard, passed ? fresh.StandardCredits : Credits.Zero);
        IReadOnlyList<string> clauses = [.. fresh.Clauses.Select(citation => citation.Clause)];
        RuleSetDifference Figure(string figure, string? then, string? now) =>
            new(Recognition, figure, then, now, recognised.Clauses, clauses, fresh.Problem);
        learner.RecognisedBefore += before;
        learner.RecognisedAfter += after;
        Count(learner, Figure("standard", before.ToString(), after.ToString()), before != after);
        Count(learner, Figure("level", recognised.Level, fresh.Level), recognised.Level != fresh.Level);
        var expiry = Figure("expiresOn", Day(recognised.ExpiresOn), Day(term?.On)) with
        {
            ClausesBefore = recognised.ExpiryClause is { } clause ? [clause] : [],
            ClausesAfter = term?.Clause is { } citation ? [citation.Clause] : [],
        };
        Count(learner, expiry, recognised.ExpiresOn != term?.On);
    }

    /// <summary>Takes a learner whose decisions were all counted.</summary>
    public void Take(LearnerTally learner)
    {
        learners++;
        sums.Add(learner);
        if (learner.DifferenceCount == 0)
        {
            return;
        }

        learnersTouched++;
        touched.Add(learner);
        if (touched.Count >= LearnersKeptMax)
        {
            KeepLargest();
        }
    }

    /// <summary>The report of everything that was taken.</summary>
    public RuleSetReplayReport Report()
    {
        KeepLargest();
        return new RuleSetReplayReport
        {
            RuleSet = rules.Reference,
            Recognitions = recognitions,
            Conversions = conversions,
            NotReplayed = notReplayed,
            OtherFamilies = otherFamilies,
            FiguresCompared = figures,
            DifferenceCount = differences,
            LearnersCompared = learners,
            LearnersTouched = learnersTouched,
            RecognisedBefore = sums.RecognisedBefore,
            RecognisedAfter = sums.RecognisedAfter,
            GrantedBefore = sums.GrantedBefore,
            GrantedAfter = sums.GrantedAfter,
            Causes =
            [
                .. causes
                    .OrderByDescending(cause => cause.Value.Count)
                    .ThenBy(cause => cause.Key, StringComparer.Ordinal)
                    .Take(CausesListedMax)
                    .Select(cause => cause.Value),
            ],
            Learners = [.. touched.Select((learner, place) => learner.Shown(place + 1))],
        };
    }

    /// <summary>
    /// The lines that stand, each with what the other version grants for the same outcomes. A line of the other version
    /// that joins what were several counts where its first outcome was.
    /// </summary>
    private static List<FigureComparison> Figures(Transfer transfer, Proposal proposal)
    {
        var standing = transfer.StandingLines();
        var compared = new List<FigureComparison>();
        foreach (var line in transfer.Lines().Where(line => standing.Contains(line.Line)))
        {
            var before = line.Grants.Sum(grant => grant.Amount);
            var after = proposal
                .Lines.Where(fresh => line.OutcomeIds.Contains(fresh.OutcomeIds[0]))
                .Sum(fresh => fresh.GrantedCredits);
            var decisive = proposal.Lines.First(fresh => fresh.OutcomeIds.Any(line.OutcomeIds.Contains));
            var difference = new RuleSetDifference(
                Conversion,
                "granted",
                before.ToString(),
                after.ToString(),
                line.Clauses,
                [.. decisive.Clauses.Select(citation => citation.Clause)],
                decisive.Code
            );
            compared.Add(new FigureComparison(before, after, difference));
        }

        return compared;
    }

    private static string? Day(LocalDate? on) => on is { } day ? LocalDatePattern.Iso.Format(day) : null;

    private void Count(LearnerTally learner, RuleSetDifference figure, bool differs)
    {
        figures++;
        if (!differs)
        {
            return;
        }

        differences++;
        learner.Add(figure);
        var key = string.Join(
            '|',
            figure.Decision,
            figure.Figure,
            string.Join(',', figure.ClausesBefore),
            string.Join(',', figure.ClausesAfter),
            figure.CodeAfter
        );
        var count = causes.TryGetValue(key, out var known) ? known.Count + 1 : 1;
        causes[key] = new RuleSetCause(
            figure.Decision,
            figure.Figure,
            figure.ClausesBefore,
            figure.ClausesAfter,
            figure.CodeAfter,
            count
        );
    }

    private void KeepLargest()
    {
        var kept = touched
            .OrderByDescending(learner => learner.Change)
            .ThenBy(learner => learner.AccountId, StringComparer.Ordinal)
            .Take(RuleSetReplayReport.LearnersListedMax)
            .ToList();
        touched.Clear();
        touched.AddRange(kept);
    }
}

/// <summary>One approved transfer under another version.</summary>
/// <param name="AccountId">The learner's account; only counted by, never shown.</param>
/// <param name="State">One of the three below.</param>
/// <param name="Figures">What was compared.</param>
public sealed record ConversionComparison(string AccountId, string State, IReadOnlyList<FigureComparison> Figures)
{
    /// <summary>It was evaluated.</summary>
    public const string Compared = "compared";

    /// <summary>What it was asked was not kept, or the other version cannot be asked that.</summary>
    public const string NotKept = "notKept";

    /// <summary>Its programme follows another family.</summary>
    public const string OtherFamily = "otherFamily";
}

/// <summary>One line of a transfer under another version.</summary>
/// <param name="Before">What was granted.</param>
/// <param name="After">What the other version grants.</param>
/// <param name="Figure">The same in words, with its cause.</param>
public readonly record struct FigureComparison(Credits Before, Credits After, RuleSetDifference Figure);

/// <summary>What was compared for one learner.</summary>
/// <param name="accountId">The account; only counted by, never shown.</param>
public sealed class LearnerTally(string accountId)
{
    private readonly List<RuleSetDifference> differences = [];

    /// <summary>The account.</summary>
    public string AccountId => accountId;

    /// <summary>What is recognised, in standard credit.</summary>
    public Credits RecognisedBefore { get; set; }

    /// <summary>What the other version recognises.</summary>
    public Credits RecognisedAfter { get; set; }

    /// <summary>What was granted.</summary>
    public Credits GrantedBefore { get; set; }

    /// <summary>What the other version grants.</summary>
    public Credits GrantedAfter { get; set; }

    /// <summary>How many figures differ.</summary>
    public int DifferenceCount { get; private set; }

    /// <summary>How much changes, whichever way.</summary>
    public decimal Change =>
        Math.Abs((RecognisedAfter - RecognisedBefore).Value) + Math.Abs((GrantedAfter - GrantedBefore).Value);

    /// <summary>Adds a difference.</summary>
    public void Add(RuleSetDifference difference)
    {
        DifferenceCount++;
        if (differences.Count < RuleSetReplayReport.DifferencesOfLearnerMax)
        {
            differences.Add(difference);
        }
    }

    /// <summary>Adds another learner's sums.</summary>
    public void Add(LearnerTally other)
    {
        RecognisedBefore += other.RecognisedBefore;
        RecognisedAfter += other.RecognisedAfter;
        GrantedBefore += other.GrantedBefore;
        GrantedAfter += other.GrantedAfter;
    }

    /// <summary>The learner under a number that means nothing outside the report.</summary>
    public LearnerComparison Shown(int number) =>
        new(number, RecognisedBefore, RecognisedAfter, GrantedBefore, GrantedAfter, DifferenceCount, differences);
}
