using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;

namespace CreditBank.Api.LearningAgreements;

/// <summary>A learning agreement as it stands: the state of its stream in the learner's book.</summary>
public sealed record LearningAgreement
{
    /// <summary>The agreement; also the stream's key.</summary>
    public required string Id { get; init; }

    /// <summary>The learner's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The receiving institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The programme.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>What was proposed.</summary>
    public required LearningAgreementProposed Proposed { get; init; }

    /// <summary>Who proposed it, by pseudonym.</summary>
    public required string ProposedBy { get; init; }

    /// <summary>The day and the id: lists show the oldest first.</summary>
    public required string Place { get; init; }

    /// <summary>One of <see cref="AgreementStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Words of the decision, in the vault.</summary>
    public string? NoteId { get; init; }

    /// <summary>The day of the decision, or of the withdrawal.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>Whether the receiver is still to decide: proposed, and its last day is not over.</summary>
    public bool Waits(LocalDate today) => State == AgreementStates.Proposed && today <= Proposed.UntilOn;

    /// <summary>
    /// Whether a transfer of that day into a programme can rest on it. What a receiver agreed to binds its successor
    /// too, for the programme that it carries on under the same id.
    /// </summary>
    /// <param name="institutionId">The receiver.</param>
    /// <param name="programmeId">The programme.</param>
    /// <param name="submittedOn">The day of the application.</param>
    /// <param name="predecessors">The institutions that became part of the receiver; none where none did.</param>
    public bool Binds(
        string institutionId,
        string programmeId,
        LocalDate submittedOn,
        IReadOnlySet<string>? predecessors = null
    ) =>
        State == AgreementStates.Approved
        && (InstitutionId == institutionId || predecessors?.Contains(InstitutionId) == true)
        && ProgrammeId == programmeId
        && submittedOn <= Proposed.UntilOn;

    /// <summary>The terms of those of some agreements that bind, by id. Pure.</summary>
    public static IReadOnlyList<AgreedTerms> BindingOf(
        IEnumerable<LearningAgreement> agreements,
        string institutionId,
        string programmeId,
        LocalDate submittedOn,
        IReadOnlySet<string>? predecessors = null
    ) =>
        [
            .. agreements
                .Where(agreement => agreement.Binds(institutionId, programmeId, submittedOn, predecessors))
                .OrderBy(agreement => agreement.Id, StringComparer.Ordinal)
                .Select(agreement => agreement.Proposed.Terms),
        ];

    /// <summary>The first state.</summary>
    public static LearningAgreement Create(IEvent<LearningAgreementProposed> proposed) =>
        new()
        {
            Id = proposed.Data.AgreementId,
            AccountId = proposed.Data.AccountId,
            InstitutionId = proposed.Data.InstitutionId,
            ProgrammeId = proposed.Data.ProgrammeId,
            Proposed = proposed.Data,
            ProposedBy = proposed.UserName ?? string.Empty,
            Place = $"{proposed.Data.ProposedOn:uuuu-MM-dd} {proposed.Data.AgreementId}",
            State = AgreementStates.Proposed,
        };

    /// <summary>Folds.</summary>
    public LearningAgreement Apply(LearningAgreementApproved approved) =>
        this with
        {
            State = AgreementStates.Approved,
            NoteId = approved.NoteId,
            DecidedOn = approved.DecidedOn,
        };

    /// <summary>Folds.</summary>
    public LearningAgreement Apply(LearningAgreementRejected rejected) =>
        this with
        {
            State = AgreementStates.Rejected,
            NoteId = rejected.NoteId,
            DecidedOn = rejected.DecidedOn,
        };

    /// <summary>Folds.</summary>
    public LearningAgreement Apply(LearningAgreementWithdrawn withdrawn) =>
        this with
        {
            State = AgreementStates.Withdrawn,
            DecidedOn = withdrawn.WithdrawnOn,
        };
}

/// <summary>The states of a learning agreement.</summary>
public static class AgreementStates
{
    /// <summary>The receiver is next.</summary>
    public const string Proposed = "proposed";

    /// <summary>It binds until its last day.</summary>
    public const string Approved = "approved";

    /// <summary>The receiver did not agree.</summary>
    public const string Rejected = "rejected";

    /// <summary>The learner took it back before a decision.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>All states.</summary>
    public static readonly IReadOnlyList<string> All = [Proposed, Approved, Rejected, Withdrawn];
}
