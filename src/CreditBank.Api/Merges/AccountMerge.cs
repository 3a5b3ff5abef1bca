using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;

namespace CreditBank.Api.Merges;

/// <summary>A merge of two accounts as it stands: the state of its stream in the survivor's book.</summary>
public sealed record AccountMerge
{
    /// <summary>The merge; also the stream's key.</summary>
    public required string Id { get; init; }

    /// <summary>The account that goes on.</summary>
    public required string SurvivorId { get; init; }

    /// <summary>The account that ends in it.</summary>
    public required string AbsorbedId { get; init; }

    /// <summary>One of <see cref="MergeStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Who proposed it, by pseudonym; may not confirm it.</summary>
    public required string ProposedBy { get; init; }

    /// <summary>The day it was proposed.</summary>
    public required LocalDate ProposedOn { get; init; }

    /// <summary>Why it was proposed, in the vault.</summary>
    public required string NoteId { get; init; }

    /// <summary>Why it was declined or undone, in the vault.</summary>
    public string? ClosingNoteId { get; init; }

    /// <summary>The day of the last change of state; none while it is proposed.</summary>
    public LocalDate? ChangedOn { get; init; }

    /// <summary>What stayed with the survivor when it was undone: for a person to look at.</summary>
    public IReadOnlyList<string> KeptOutcomeIds { get; init; } = [];

    /// <summary>The awards that stayed with the survivor when it was undone: for a person to look at.</summary>
    public IReadOnlyList<string> KeptAwardIds { get; init; } = [];

    /// <summary>What people decided on possible duplicates, in order.</summary>
    public IReadOnlyList<DuplicateDecided> Decisions { get; init; } = [];

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>The first state.</summary>
    public static AccountMerge Create(IEvent<MergeProposed> proposed) =>
        new()
        {
            Id = proposed.Data.MergeId,
            SurvivorId = proposed.Data.SurvivorId,
            AbsorbedId = proposed.Data.AbsorbedId,
            State = MergeStates.Proposed,
            ProposedBy = proposed.UserName ?? string.Empty,
            ProposedOn = proposed.Data.ProposedOn,
            NoteId = proposed.Data.NoteId,
        };

    /// <summary>Folds.</summary>
    public AccountMerge Apply(MergeDeclined declined) =>
        this with
        {
            State = MergeStates.Declined,
            ClosingNoteId = declined.NoteId,
            ChangedOn = declined.DeclinedOn,
        };

    /// <summary>Folds.</summary>
    public AccountMerge Apply(MergeConfirmed confirmed) =>
        this with
        {
            State = MergeStates.Merged,
            ChangedOn = confirmed.ConfirmedOn,
        };

    /// <summary>Folds.</summary>
    public AccountMerge Apply(MergeUndone undone) =>
        this with
        {
            State = MergeStates.Undone,
            ClosingNoteId = undone.NoteId,
            ChangedOn = undone.UndoneOn,
            KeptOutcomeIds = undone.KeptOutcomeIds,
            KeptAwardIds = undone.KeptAwardIds ?? [],
        };

    /// <summary>Folds.</summary>
    public AccountMerge Apply(DuplicateDecided decided) => this with { Decisions = [.. Decisions, decided] };
}

/// <summary>The states of a merge.</summary>
public static class MergeStates
{
    /// <summary>Another person must agree.</summary>
    public const string Proposed = "proposed";

    /// <summary>Another person did not agree.</summary>
    public const string Declined = "declined";

    /// <summary>The two accounts are one.</summary>
    public const string Merged = "merged";

    /// <summary>The two accounts are two again.</summary>
    public const string Undone = "undone";
}
