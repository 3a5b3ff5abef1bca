using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Ledger.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.Merges;

/// <summary>A merge of two accounts of one person.</summary>
public sealed record MergeBody
{
    /// <summary>Its id.</summary>
    public required string MergeId { get; init; }

    /// <summary>The account that goes on.</summary>
    public required string SurvivorId { get; init; }

    /// <summary>The account that ends in it.</summary>
    public required string AbsorbedId { get; init; }

    /// <summary><c>proposed</c>, <c>declined</c>, <c>merged</c> or <c>undone</c>.</summary>
    public required string State { get; init; }

    /// <summary>Who proposed it, by pseudonym; another person decides.</summary>
    public required string ProposedBy { get; init; }

    /// <summary>The day it was proposed.</summary>
    public required LocalDate ProposedOn { get; init; }

    /// <summary>The day of the last change of state.</summary>
    public LocalDate? ChangedOn { get; init; }

    /// <summary>Why it was proposed; missing once the person was erased.</summary>
    public string? Reason { get; init; }

    /// <summary>Why it was declined or undone.</summary>
    public string? ClosingReason { get; init; }

    /// <summary>What both accounts have, and nobody decided on yet.</summary>
    public required IReadOnlyList<PossibleDuplicate> Duplicates { get; init; }

    /// <summary>What people decided on possible duplicates.</summary>
    public required IReadOnlyList<DuplicateDecisionBody> DuplicateDecisions { get; init; }

    /// <summary>
    /// After an undoing: what stayed with the survivor because credit of it was used since the merge. A person decides
    /// what becomes of it: the issuer withdraws or corrects, or it stays.
    /// </summary>
    public required IReadOnlyList<string> KeptOutcomeIds { get; init; }

    /// <summary>
    /// After an undoing: what was recorded in the survivor while the two were one. It may be the other person's.
    /// </summary>
    public required IReadOnlyList<string> RecordedMeanwhile { get; init; }
}

/// <summary>What a person decided on a possible duplicate.</summary>
/// <param name="OutcomeId">The outcome that was looked at.</param>
/// <param name="OtherOutcomeId">The one it may be a duplicate of.</param>
/// <param name="Decision"><c>duplicate</c>, then it was withdrawn, or <c>distinct</c>.</param>
/// <param name="Reason">Why; missing once the person was erased.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record DuplicateDecisionBody(
    string OutcomeId,
    string OtherOutcomeId,
    string Decision,
    string? Reason,
    LocalDate DecidedOn
);

/// <summary>Makes bodies of merges.</summary>
internal static class MergeReading
{
    /// <summary>The body of a merge.</summary>
    /// <param name="session">Reads the survivor's book.</param>
    /// <param name="other">Reads the absorbed account's book.</param>
    /// <param name="vault">The vault.</param>
    /// <param name="merge">The merge.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<MergeBody> BodyAsync(
        IQuerySession session,
        IQuerySession other,
        IdentityVault vault,
        AccountMerge merge,
        CancellationToken cancellation
    )
    {
        var facts = AccountFacts.Of(await session.Events.FetchStreamAsync(merge.SurvivorId, token: cancellation));
        var survivor = await session.Events.AggregateStreamAsync<Account>(merge.SurvivorId, token: cancellation);
        List<string> notes = [merge.NoteId, .. merge.Decisions.Select(one => one.NoteId)];
        if (merge.ClosingNoteId is { } closing)
        {
            notes.Add(closing);
        }

        var words = await vault.Read(session, merge.SurvivorId, notes, cancellation);
        return new MergeBody
        {
            MergeId = merge.Id,
            SurvivorId = merge.SurvivorId,
            AbsorbedId = merge.AbsorbedId,
            State = merge.State,
            ProposedBy = merge.ProposedBy,
            ProposedOn = merge.ProposedOn,
            ChangedOn = merge.ChangedOn,
            Reason = words.GetValueOrDefault(merge.NoteId),
            ClosingReason = merge.ClosingNoteId is { } id ? words.GetValueOrDefault(id) : null,
            Duplicates = await DuplicatesOf(merge, survivor!, other, cancellation),
            DuplicateDecisions =
            [
                .. merge.Decisions.Select(one => new DuplicateDecisionBody(
                    one.OutcomeId,
                    one.OtherOutcomeId,
                    one.Decision,
                    words.GetValueOrDefault(one.NoteId),
                    one.DecidedOn
                )),
            ],
            KeptOutcomeIds = merge.KeptOutcomeIds,
            RecordedMeanwhile = merge.State == MergeStates.Undone ? Meanwhile(facts, merge.Id) : [],
        };
    }

    /// <summary>
    /// Before it is confirmed, both accounts are looked at; then the survivor tells what came with it.
    /// </summary>
    private static async Task<IReadOnlyList<PossibleDuplicate>> DuplicatesOf(
        AccountMerge merge,
        Account survivor,
        IQuerySession other,
        CancellationToken cancellation
    )
    {
        switch (merge.State)
        {
            case MergeStates.Merged:
                return Duplicates.Undecided(merge, survivor);
            case MergeStates.Proposed:
                var absorbed = await other.Events.AggregateStreamAsync<Account>(merge.AbsorbedId, token: cancellation);
                return Duplicates.Of(absorbed!.Outcomes.Values, survivor.Outcomes.Values);
            default:
                return [];
        }
    }

    private static List<string> Meanwhile(IReadOnlyList<AccountFact> facts, string mergeId) =>
        [
            .. facts
                .SkipWhile(fact => (fact.Data as AccountsMerged)?.MergeId != mergeId)
                .TakeWhile(fact => (fact.Data as AccountsUnmerged)?.MergeId != mergeId)
                .Select(fact => fact.Data)
                .OfType<OutcomeRecorded>()
                .Select(recorded => recorded.OutcomeId),
        ];
}
