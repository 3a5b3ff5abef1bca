using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>
/// Somebody of the bank found that two accounts are one person's. Nothing moves before another person agrees. First
/// event of the merge's stream, in the survivor's book.
/// </summary>
/// <param name="MergeId">The merge; also the stream's key.</param>
/// <param name="SurvivorId">The account that goes on.</param>
/// <param name="AbsorbedId">The account that ends in it.</param>
/// <param name="NoteId">Why, in the vault.</param>
/// <param name="ProposedOn">The day in Shanghai.</param>
public sealed record MergeProposed(
    string MergeId,
    string SurvivorId,
    string AbsorbedId,
    string NoteId,
    LocalDate ProposedOn
);

/// <summary>Another person did not agree that the two accounts are one person's.</summary>
/// <param name="MergeId">The merge.</param>
/// <param name="NoteId">Why, in the vault.</param>
/// <param name="DeclinedOn">The day in Shanghai.</param>
public sealed record MergeDeclined(string MergeId, string NoteId, LocalDate DeclinedOn);

/// <summary>Another person agreed; in the same commit the accounts are merged.</summary>
/// <param name="MergeId">The merge.</param>
/// <param name="ConfirmedOn">The day in Shanghai.</param>
public sealed record MergeConfirmed(string MergeId, LocalDate ConfirmedOn);

/// <summary>
/// The two accounts were not one person's after all; in the same commit they are two again. What was used since stays
/// with the survivor and is for a person to look at.
/// </summary>
/// <param name="MergeId">The merge.</param>
/// <param name="KeptOutcomeIds">What stays with the survivor, because credit of it was used since.</param>
/// <param name="NoteId">Why, in the vault.</param>
/// <param name="UndoneOn">The day in Shanghai.</param>
public sealed record MergeUndone(
    string MergeId,
    IReadOnlyList<string> KeptOutcomeIds,
    string NoteId,
    LocalDate UndoneOn
)
{
    /// <summary>
    /// The awards that stay with the survivor, because credit that they rest on was used since; none where none does.
    /// </summary>
    public IReadOnlyList<string>? KeptAwardIds { get; init; }
}

/// <summary>
/// Two accounts of one person became one. Stands in the streams of both; what is handed over and taken over follows in
/// the same commit. The absorbed account's stream is frozen from here on.
/// </summary>
/// <param name="MergeId">The merge.</param>
/// <param name="SurvivorId">The account that goes on.</param>
/// <param name="AbsorbedId">The account that ended in it.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record AccountsMerged(string MergeId, string SurvivorId, string AbsorbedId, LocalDate EffectiveOn);

/// <summary>
/// A merge was undone. The absorbed account lives again and gets back what was not used since. Stands in the streams
/// of both.
/// </summary>
/// <param name="MergeId">The merge.</param>
/// <param name="SurvivorId">The account that had taken over.</param>
/// <param name="AbsorbedId">The account that lives again.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record AccountsUnmerged(string MergeId, string SurvivorId, string AbsorbedId, LocalDate EffectiveOn);

/// <summary>
/// An outcome left this account in a merge, with everything that is available or ended of it. What was converted of it
/// left just before, in <see cref="ConversionHandedOver"/>.
/// </summary>
/// <param name="MergeId">The merge.</param>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="InstitutionId">The issuer.</param>
/// <param name="Available">What was available.</param>
/// <param name="Revoked">What had been revoked.</param>
/// <param name="Expired">What had expired; none where nothing had.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record OutcomeHandedOver(
    string MergeId,
    string OutcomeId,
    string InstitutionId,
    Worth Available,
    Worth Revoked,
    Worth? Expired,
    LocalDate EffectiveOn
);

/// <summary>
/// An outcome came to this account in a merge, as it stood in the other one: the record is whole, so that this stream
/// alone tells what the account has.
/// </summary>
/// <param name="MergeId">The merge.</param>
/// <param name="FromAccountId">The account it came from.</param>
/// <param name="OutcomeId">The outcome; its id stays.</param>
/// <param name="Record">What the issuer's newest revision says.</param>
/// <param name="Source">The submission it first came with.</param>
/// <param name="State"><c>recorded</c>, <c>withdrawn</c> or <c>revoked</c>.</param>
/// <param name="Recognition">The newest recognition, as it was recorded. It moves nothing here.</param>
/// <param name="Available">What is available of it.</param>
/// <param name="Revoked">What was revoked of it.</param>
/// <param name="Expired">What expired of it; none where nothing did.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record OutcomeTakenOver(
    string MergeId,
    string FromAccountId,
    string OutcomeId,
    OutcomeRecord Record,
    OutcomeSource Source,
    string State,
    OutcomeRecognised Recognition,
    Worth Available,
    Worth Revoked,
    Worth? Expired,
    LocalDate EffectiveOn
);

/// <summary>Standing lines of a conversion left this account in a merge, with the outcomes they rest on.</summary>
/// <param name="MergeId">The merge.</param>
/// <param name="TransferId">The transfer; it stays what it is.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="Lines">The lines as they were posted.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record ConversionHandedOver(
    string MergeId,
    string TransferId,
    string InstitutionId,
    string ProgrammeId,
    IReadOnlyList<ConvertedLine> Lines,
    LocalDate EffectiveOn
);

/// <summary>Standing lines of a conversion came to this account in a merge, with the outcomes they rest on.</summary>
/// <param name="MergeId">The merge.</param>
/// <param name="TransferId">The transfer; it stays what it is.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="Lines">The lines as they were posted.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record ConversionTakenOver(
    string MergeId,
    string TransferId,
    string InstitutionId,
    string ProgrammeId,
    IReadOnlyList<ConvertedLine> Lines,
    LocalDate EffectiveOn
);

/// <summary>
/// An award left this account in a merge, with the outcomes and the conversions it rests on. It moves no credit.
/// </summary>
/// <param name="MergeId">The merge.</param>
/// <param name="AwardId">The award; its id stays.</param>
/// <param name="InstitutionId">Who conferred it.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record AwardHandedOver(string MergeId, string AwardId, string InstitutionId, LocalDate EffectiveOn);

/// <summary>
/// An award came to this account in a merge, as it stood in the other one. It was not conferred anew: what it says is
/// whole, so that this stream alone tells what the account has. Its reviews follow in the same commit.
/// </summary>
/// <param name="MergeId">The merge.</param>
/// <param name="FromAccountId">The account it came from.</param>
/// <param name="AwardId">The award; its id stays.</param>
/// <param name="InstitutionId">Who conferred it.</param>
/// <param name="State"><c>conferred</c>, <c>underReview</c> or <c>rescinded</c>.</param>
/// <param name="Conferred">What was conferred, as it was recorded.</param>
/// <param name="ConferredBy">Who conferred it, by pseudonym; they may not uphold it.</param>
/// <param name="DecidedOn">The day of the last decision on it; none before one.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record AwardTakenOver(
    string MergeId,
    string FromAccountId,
    string AwardId,
    string InstitutionId,
    string State,
    AwardConferred Conferred,
    string? ConferredBy,
    LocalDate? DecidedOn,
    LocalDate EffectiveOn
);

/// <summary>
/// A review of an award came along with it in a merge. Nobody opened it anew, and the award's state is what the award
/// itself brought.
/// </summary>
/// <param name="MergeId">The merge.</param>
/// <param name="Opened">The review, as it was recorded.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record AwardReviewTakenOver(string MergeId, AwardReviewOpened Opened, LocalDate EffectiveOn);

/// <summary>
/// A person decided whether two outcomes that a merge brought together are one. One that is a duplicate is withdrawn
/// in the same commit.
/// </summary>
/// <param name="MergeId">The merge.</param>
/// <param name="OutcomeId">The outcome that was looked at.</param>
/// <param name="OtherOutcomeId">The one it may be a duplicate of.</param>
/// <param name="Decision"><c>duplicate</c> or <c>distinct</c>.</param>
/// <param name="NoteId">Why, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record DuplicateDecided(
    string MergeId,
    string OutcomeId,
    string OtherOutcomeId,
    string Decision,
    string NoteId,
    LocalDate DecidedOn
)
{
    /// <summary>
    /// <c>conversion</c> when it is about a course that both fill: then what was brought is taken back, not withdrawn.
    /// None when it is about the outcomes themselves.
    /// </summary>
    public string? Kind { get; init; }
}
