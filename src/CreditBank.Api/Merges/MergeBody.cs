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
    /// Awards of one programme that both accounts have. Both stand; the institution rescinds one where it was
    /// conferred twice for the same.
    /// </summary>
    public required IReadOnlyList<DuplicateAward> DuplicateAwards { get; init; }

    /// <summary>
    /// After an undoing: awards that stayed with the survivor, because credit they rest on was used since the merge.
    /// </summary>
    public required IReadOnlyList<string> KeptAwardIds { get; init; }

    /// <summary>
    /// After an undoing: outcomes that were recorded and awards that were conferred in the survivor while the two were
    /// one. They may be the other person's.
    /// </summary>
    public required IReadOnlyList<string> RecordedMeanwhile { get; init; }
}

/// <summary>What a person decided on a possible duplicate.</summary>
/// <param name="OutcomeId">The outcome that was looked at.</param>
/// <param name="OtherOutcomeId">The one it may be a duplicate of.</param>
/// <param name="Decision"><c>duplicate</c>, then it, or its conversion, was taken back, or <c>distinct</c>.</param>
/// <param name="Reason">Why; missing once the person was erased.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
/// <param name="Kind"><c>conversion</c> when it was about what both fill; missing when about the outcomes.</param>
public sealed record DuplicateDecisionBody(
    string OutcomeId,
    string OtherOutcomeId,
    string Decision,
    string? Reason,
    LocalDate DecidedOn,
    string? Kind = null
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
        var absorbed =
            merge.State == MergeStates.Proposed
                ? await other.Events.AggregateStreamAsync<Account>(merge.AbsorbedId, token: cancellation)
                : null;
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
            Duplicates = DuplicatesOf(merge, survivor!, absorbed),
            DuplicateDecisions =
            [
                .. merge.Decisions.Select(one => new DuplicateDecisionBody(
                    one.OutcomeId,
                    one.OtherOutcomeId,
                    one.Decision,
                    words.GetValueOrDefault(one.NoteId),
                    one.DecidedOn,
                    one.Kind
                )),
            ],
            DuplicateAwards = DuplicateAwards.Of(merge, survivor!, absorbed),
            KeptOutcomeIds = merge.KeptOutcomeIds,
            KeptAwardIds = merge.KeptAwardIds,
            RecordedMeanwhile = merge.State == MergeStates.Undone ? Meanwhile(facts, merge.Id) : [],
        };
    }

    /// <summary>
    /// Before it is confirmed, both accounts are looked at; then the survivor tells what came with it.
    /// </summary>
    private static IReadOnlyList<PossibleDuplicate> DuplicatesOf(
        AccountMerge merge,
        Account survivor,
        Account? absorbed
    ) =>
        absorbed is not null
            ?
            [
                .. Duplicates.Of(absorbed.Outcomes.Values, survivor.Outcomes.Values),
                .. FilledTwice.Of(FilledTwice.LinesOf(absorbed, null), FilledTwice.LinesOf(survivor, null)),
            ]
        : merge.State == MergeStates.Merged ? Duplicates.Undecided(merge, survivor)
        : [];

    private static List<string> Meanwhile(IReadOnlyList<AccountFact> facts, string mergeId) =>
        [
            .. facts
                .SkipWhile(fact => (fact.Data as AccountsMerged)?.MergeId != mergeId)
                .TakeWhile(fact => (fact.Data as AccountsUnmerged)?.MergeId != mergeId)
                .Select(fact =>
                    fact.Data switch
                    {
                        OutcomeRecorded recorded => recorded.OutcomeId,
                        AwardConferred conferred => conferred.AwardId,
                        _ => null,
                    }
                )
                .OfType<string>(),
        ];
}
