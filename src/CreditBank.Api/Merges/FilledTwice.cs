using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;
using CreditBank.Api.Outcomes;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Merges;

/// <summary>A course of a programme.</summary>
/// <param name="InstitutionId">Whose programme it is.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="CourseCode">The course.</param>
public sealed record FilledCourse(string InstitutionId, string ProgrammeId, string CourseCode);

/// <summary>
/// Finds courses that one person filled twice because there were two accounts, which no decision on one account allows
/// (INV-5). A person decides: the programme may count both, or the conversion that was brought is taken back and its
/// credit is free again. Pure.
/// </summary>
public static class FilledTwice
{
    /// <summary>The pairs, in the order of the conversions.</summary>
    /// <param name="brought">What the absorbed account brought.</param>
    /// <param name="own">The survivor's own.</param>
    public static IReadOnlyList<PossibleDuplicate> Of(IEnumerable<LiveLine> brought, IEnumerable<LiveLine> own)
    {
        var filled = own.SelectMany(line => line.Courses().Select(course => (course, line)))
            .ToLookup(pair => pair.course, pair => pair.line);
        return
        [
            .. brought
                .SelectMany(line =>
                    line.Courses().SelectMany(course => filled[course].Select(other => (line, other, course)))
                )
                .Select(pair => new PossibleDuplicate(
                    pair.line.OutcomeId,
                    pair.other.OutcomeId,
                    Duplicates.Conversion,
                    pair.course
                ))
                .Distinct(),
        ];
    }

    /// <summary>
    /// Takes back the lines that a merge brought of an outcome into courses; its credit is available again.
    /// </summary>
    /// <param name="account">The survivor.</param>
    /// <param name="mergeId">The merge.</param>
    /// <param name="pairs">What one outcome fills once more.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static OutcomeEvents TakeBack(
        Account account,
        string mergeId,
        IReadOnlyList<PossibleDuplicate> pairs,
        LocalDate today
    )
    {
        var lines = LinesOf(account, mergeId)
            .Where(line => pairs.Any(pair => line.OutcomeId == pair.OutcomeId && line.Courses().Contains(pair.Course!)))
            .ToList();
        var reviews = lines
            .SelectMany(line => line.Line.Debits)
            .Select(debit => debit.OutcomeId)
            .Distinct()
            .SelectMany(id => AwardDecider.ReviewsOf(account, id, UnwindingCauses.Merged, today))
            .DistinctBy(review => review.AwardId);
        var reversed = lines.Select(line => new ConversionReversed(
            line.Conversion.TransferId,
            line.Conversion.InstitutionId,
            line.Conversion.ProgrammeId,
            [line.Line],
            mergeId,
            UnwindingCauses.Merged,
            line.Conversion.EffectiveOn
        ));
        var voided = lines
            .GroupBy(line => line.Conversion.TransferId, StringComparer.Ordinal)
            .Select(of => new TransferLinesVoided(
                of.Key,
                [.. of.Select(line => line.Line.Line).Order()],
                mergeId,
                UnwindingCauses.Merged,
                today
            ));
        return new OutcomeEvents([.. reversed, .. reviews], [.. voided]);
    }

    /// <summary>The lines that count on an account: those a merge brought, or with no merge its own.</summary>
    public static IEnumerable<LiveLine> LinesOf(Account account, string? mergeId) =>
        from conversion in account.Conversions
        from line in conversion.Lines
        where account.TakenOverLines.GetValueOrDefault((conversion.TransferId, line.Line)) == mergeId
        select new LiveLine(conversion, line);
}

/// <summary>A line of a conversion that counts.</summary>
/// <param name="Conversion">The conversion.</param>
/// <param name="Line">One line of it.</param>
public sealed record LiveLine(CreditConverted Conversion, ConvertedLine Line)
{
    /// <summary>The outcome by which people speak of it: the first of its debits in ordinal order.</summary>
    public string OutcomeId { get; } = Line.Debits.Select(debit => debit.OutcomeId).Min(StringComparer.Ordinal)!;

    /// <summary>The courses it fills.</summary>
    public IEnumerable<FilledCourse> Courses() =>
        Line.Grants.Select(grant => new FilledCourse(
            Conversion.InstitutionId,
            Conversion.ProgrammeId,
            grant.CourseCode
        ));
}
