using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Ledger.Events;
using Marten;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// Records an outcome that came by another way than a transcript, and claims its record id for ever, so that a
/// transcript that brings it later finds a duplicate.
/// </summary>
internal static class VouchedRecord
{
    /// <summary>
    /// Adds both to the session's commit. A record id that is claimed already fails the commit with a unique violation.
    /// </summary>
    /// <param name="session">The session that commits.</param>
    /// <param name="books">The books.</param>
    /// <param name="keys">The vault's keys.</param>
    /// <param name="namedId">The account the application was made for.</param>
    /// <param name="accountId">The account it goes into: the same, or the survivor of a merge.</param>
    /// <param name="events">The events of a first revision, <see cref="OutcomeRecorded"/> first.</param>
    public static void Keep(
        IDocumentSession session,
        LedgerBooks books,
        VaultKeys keys,
        string namedId,
        string accountId,
        IReadOnlyList<object> events
    )
    {
        var recorded = (OutcomeRecorded)events[0];
        var book = session.ForTenant(books.BookOf(accountId));
        book.Events.Append(accountId, [.. events]);
        ExpiryEntry.Keep(book, accountId, events);
        var id = IdOf(keys, recorded.Record);
        var tag = RecordKeys.ContentTag(keys, namedId, RecordKeys.Academic(recorded.Record));
        session
            .ForTenant(books.BookOfKey(RecordClaim.KeyKind, id))
            .Insert(
                new RecordClaim
                {
                    Id = id,
                    AccountId = accountId,
                    RecordedInId = accountId == namedId ? null : namedId,
                    OutcomeId = recorded.OutcomeId,
                    Revisions = [new ClaimedRevision(recorded.Record.Revision, tag)],
                }
            );
    }

    /// <summary>The id of the claim on a record.</summary>
    public static string IdOf(VaultKeys keys, OutcomeRecord record) =>
        RecordKeys.ClaimId(keys, record.InstitutionId, record.RecordId);
}
