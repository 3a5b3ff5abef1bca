using CreditBank.Api.Accounts;
using CreditBank.Ledger.Events;

namespace CreditBank.Api.Merges;

/// <summary>Two outcomes of which one may have been posted, or converted, for each account.</summary>
/// <param name="OutcomeId">The one the absorbed account brought.</param>
/// <param name="OtherOutcomeId">The survivor's own.</param>
/// <param name="Kind"><c>certificate</c> or <c>course</c>: what both say; <c>conversion</c>: what both fill.</param>
/// <param name="Course">The course of a programme that both fill; missing for other kinds.</param>
public sealed record PossibleDuplicate(
    string OutcomeId,
    string OtherOutcomeId,
    string Kind,
    FilledCourse? Course = null
);

/// <summary>
/// Finds what two accounts of one person have twice: the same certificate, or the same course of the same institution.
/// A course may be taken again, so a person decides. Pure.
/// </summary>
public static class Duplicates
{
    /// <summary>The decision that the outcome is the other one once more.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>The decision that the two are different.</summary>
    public const string Distinct = "distinct";

    /// <summary>The kind of two outcomes that fill one course of a programme.</summary>
    public const string Conversion = "conversion";

    /// <summary>The possible duplicates, in ordinal order.</summary>
    /// <param name="brought">The outcomes of the absorbed account.</param>
    /// <param name="own">The survivor's own outcomes.</param>
    public static IReadOnlyList<PossibleDuplicate> Of(
        IEnumerable<OutcomePosition> brought,
        IEnumerable<OutcomePosition> own
    )
    {
        var byKey = own.Where(Stands).ToLookup(position => KeyOf(position.Record));
        return
        [
            .. brought
                .Where(Stands)
                .SelectMany(position =>
                    byKey[KeyOf(position.Record)]
                        .Select(other => new PossibleDuplicate(
                            position.OutcomeId,
                            other.OutcomeId,
                            position.Record.Certificate is null ? "course" : "certificate"
                        ))
                )
                .OrderBy(pair => pair.OutcomeId, StringComparer.Ordinal)
                .ThenBy(pair => pair.OtherOutcomeId, StringComparer.Ordinal),
        ];
    }

    /// <summary>What is possible twice once two accounts were merged, and nobody decided yet.</summary>
    public static IReadOnlyList<PossibleDuplicate> Undecided(AccountMerge merge, Account survivor)
    {
        var brought = survivor.Outcomes.Values.Where(position =>
            survivor.TakenOver.GetValueOrDefault(position.OutcomeId) == merge.Id
        );
        var own = survivor.Outcomes.Values.Where(position => !survivor.TakenOver.ContainsKey(position.OutcomeId));
        var filled = FilledTwice.Of(FilledTwice.LinesOf(survivor, merge.Id), FilledTwice.LinesOf(survivor, null));
        return [.. Of(brought, own).Concat(filled).Where(pair => !merge.Decisions.Any(one => IsOn(one, pair)))];
    }

    /// <summary>
    /// Whether a decision is on a pair: that two outcomes are distinct says nothing of what they fill.
    /// </summary>
    private static bool IsOn(DuplicateDecided decided, PossibleDuplicate pair) =>
        (decided.OutcomeId, decided.OtherOutcomeId) == (pair.OutcomeId, pair.OtherOutcomeId)
        && (decided.Kind == Conversion) == (pair.Kind == Conversion);

    private static bool Stands(OutcomePosition position) => position.Status == OutcomeStatus.Recorded;

    private static (string, string, string?) KeyOf(OutcomeRecord record) =>
        record.Certificate is { } certificate
            ? (certificate.IssuerId, certificate.Code, certificate.Level ?? string.Empty)
            : (record.InstitutionId, record.CourseCode, null);
}
