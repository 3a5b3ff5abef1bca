using System.Text.Json;
using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Merges;
using JasperFx.Events;
using Marten;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// Writes a decided batch into a session: accounts, events, claims, suspended records, in every book at once.
/// </summary>
internal sealed class BatchCommit(IDocumentSession session, LedgerBooks books, IdentityVault vault, Actor actor)
{
    private readonly Dictionary<string, ITenantOperations> tenants = [];

    /// <summary>Writes the plan; the caller commits.</summary>
    public void Write(BatchPlan plan, BatchFacts facts, BatchTerms terms)
    {
        MergeGuard.Expect(session, facts.Merges);
        foreach (var account in plan.Opened)
        {
            vault.Enter(session, account.AccountId, account.Identity, account.Name);
        }

        var opened = plan.Opened.Select(account => account.AccountId).ToHashSet();
        foreach (var (accountId, append) in plan.Appends)
        {
            Append(accountId, append, opened.Contains(accountId));
        }

        Claim(plan.Claims.Values);

        foreach (var (claimId, personTag) in plan.Resumed)
        {
            In(books.BookOfKey(SuspendedPerson.KeyKind, personTag)).Delete<SuspendedRecord>(claimId);
        }

        Suspend(plan, facts, terms);
    }

    private void Append(string accountId, AccountAppend append, bool isNew)
    {
        var book = In(books.BookOf(accountId));
        ExpiryEntry.Keep(book, accountId, append.Events);
        var store = book.Events;
        IReadOnlyList<object> events = [.. append.Events.Select(data => By(actor, store.BuildEvent(data)))];
        if (isNew)
        {
            store.StartStream<Account>(accountId, events);
        }
        else if (append.DecidedAt is { } version)
        {
            store.Append(accountId, version + events.Count, events);
        }
        else
        {
            store.Append(accountId, events);
        }
    }

    /// <summary>A session may hold commits of several actors, so each event says its own.</summary>
    private static IEvent By(Actor actor, IEvent @event)
    {
        @event.UserName = actor.Id;
        @event.CorrelationId = actor.CorrelationId;
        @event.CausationId = actor.CausationId;
        return @event;
    }

    private void Claim(IReadOnlyCollection<RecordClaim> claims)
    {
        var fresh = claims.Where(claim => claim.Version == 0);
        foreach (var book in fresh.GroupBy(BookOf).OrderBy(book => book.Key, StringComparer.Ordinal))
        {
            BulkInsert.Insert(session, books, book.Key, [.. book], claim => claim.Id);
        }

        foreach (var claim in claims.Where(claim => claim.Version > 0))
        {
            In(BookOf(claim)).UpdateRevision(claim, claim.Version + 1);
        }
    }

    private string BookOf(RecordClaim claim) => books.BookOfKey(RecordClaim.KeyKind, claim.Id);

    private void Suspend(BatchPlan plan, BatchFacts facts, BatchTerms terms)
    {
        var keys = facts.Suspended.ToDictionary(pair => pair.Key, pair => pair.Value.WrappedKey);
        foreach (var (claimId, row) in plan.Suspended)
        {
            var book = In(books.BookOfKey(SuspendedPerson.KeyKind, row.PersonTag));
            if (!keys.TryGetValue(row.PersonTag, out var key))
            {
                keys.Add(row.PersonTag, key = vault.Keys.NewWrappedKey());
                book.Insert(new SuspendedPerson { Id = row.PersonTag, WrappedKey = key });
            }

            var text = JsonSerializer.Serialize(row.Body, RecordJson.Options);
            book.Store(
                new SuspendedRecord
                {
                    Id = claimId,
                    PersonTag = row.PersonTag,
                    InstitutionId = terms.InstitutionId,
                    TranscriptId = terms.TranscriptId,
                    SealedRecord = vault.Keys.Seal(key, text, SuspendedPerson.Purpose + claimId),
                }
            );
        }
    }

    private ITenantOperations In(string book)
    {
        if (!tenants.TryGetValue(book, out var operations))
        {
            tenants.Add(book, operations = session.ForTenant(book));
        }

        return operations;
    }
}
