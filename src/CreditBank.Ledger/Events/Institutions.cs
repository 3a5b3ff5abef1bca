using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>An institution takes part. First event of its stream in the registry book.</summary>
/// <param name="InstitutionId">Its id; also the stream's key behind <c>institution/</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is, such as <c>university</c> or <c>trainingProvider</c>.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="UnifiedSocialCreditCode">GB 32100; none for institutions abroad.</param>
/// <param name="Accreditation">What it may issue, and when.</param>
public sealed record InstitutionRegistered(
    string InstitutionId,
    BilingualText Name,
    string Kind,
    string Country,
    string? UnifiedSocialCreditCode,
    Accreditation Accreditation
);

/// <summary>What an institution may issue.</summary>
/// <param name="Kinds">The kinds of outcome.</param>
/// <param name="Levels">The framework's levels; empty means all.</param>
/// <param name="FromOn">The first day, inclusive.</param>
/// <param name="ToOn">The day it ends, exclusive; none means open.</param>
public sealed record Accreditation(
    IReadOnlyList<string> Kinds,
    IReadOnlyList<int> Levels,
    LocalDate FromOn,
    LocalDate? ToOn
)
{
    /// <summary>
    /// Whether a kind of a level may be issued on a day; what has no level of the framework is in all.
    /// </summary>
    public bool Covers(string kind, string? level, LocalDate on) =>
        new Kernel.Period(FromOn, ToOn).Contains(on) && Kinds.Contains(kind) && CoversLevel(level);

    /// <summary>Whether a level is in the scope; what has no level of the framework is.</summary>
    public bool CoversLevel(string? level) =>
        Levels.Count == 0
        || !int.TryParse(level, System.Globalization.CultureInfo.InvariantCulture, out var rank)
        || Levels.Contains(rank);
}

/// <summary>
/// An institution may not record, claim or receive anything for a time. What it issued before stays what it is.
/// </summary>
/// <param name="InstitutionId">The institution.</param>
/// <param name="FromOn">The first day, inclusive; never before the day it was recorded.</param>
/// <param name="Reason">Why; anyone can read it.</param>
public sealed record InstitutionSuspended(string InstitutionId, LocalDate FromOn, BilingualText Reason);

/// <summary>A suspension ends.</summary>
/// <param name="InstitutionId">The institution.</param>
/// <param name="FromOn">The first day on which it may act again, inclusive.</param>
/// <param name="Reason">Why; anyone can read it.</param>
public sealed record InstitutionReinstated(string InstitutionId, LocalDate FromOn, BilingualText Reason);

/// <summary>
/// What an institution may issue changed. What was completed before that day is judged by what held then.
/// </summary>
/// <param name="InstitutionId">The institution.</param>
/// <param name="Accreditation">What it may issue now, whole.</param>
/// <param name="FromOn">The first day, inclusive; never before the day it was recorded.</param>
/// <param name="Reason">Why; anyone can read it.</param>
public sealed record AccreditationChanged(
    string InstitutionId,
    Accreditation Accreditation,
    LocalDate FromOn,
    BilingualText Reason
);

/// <summary>
/// An institution became part of another. It records, claims and receives nothing more; its successor answers for what
/// it issued.
/// </summary>
/// <param name="InstitutionId">The institution that ends.</param>
/// <param name="SuccessorId">The institution that answers for it.</param>
/// <param name="FromOn">The first day, inclusive; never before the day it was recorded.</param>
/// <param name="Reason">Why; anyone can read it.</param>
public sealed record InstitutionMerged(
    string InstitutionId,
    string SuccessorId,
    LocalDate FromOn,
    BilingualText Reason
);
