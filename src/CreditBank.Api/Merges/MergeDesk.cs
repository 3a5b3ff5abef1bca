using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Appeals;
using CreditBank.Api.Awards;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Transcripts;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.Merges;

/// <summary>The way of a merge: from the ids to one commit over both accounts, whatever books they lie in.</summary>
public sealed class MergeDesk(LedgerBooks books, IdentityVault vault, TransferTerms terms, IClock clock)
{
    /// <summary>The day in Shanghai.</summary>
    public LocalDate Today => BankCalendar.DayOf(clock.GetCurrentInstant());

    /// <summary>Who may have a hand in merges; none when the caller may.</summary>
    public static Refusal? MayNot(Caller caller) => caller.Lacks(CallerRoles.Operator, CallerRoles.Branch);

    /// <summary>Proposes a merge.</summary>
    public async Task<IResult> Propose(
        string survivorId,
        string absorbedId,
        string reason,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(survivorId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        await using var session = books.Write(book, http.Actor());
        if (await session.Events.AggregateStreamAsync<Account>(survivorId, token: cancellation) is not { } survivor)
        {
            return AccountReading.Unknown;
        }

        if (await ReadAsync(absorbedId, cancellation) is not { } absorbed)
        {
            return Answers.Refused(MergeRefusals.NoAbsorbed);
        }

        if (MergeDecider.MayNot(survivor, absorbed, await AppealedAsync(absorbedId, cancellation)) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (await session.LoadAsync<Person>(survivorId, cancellation) is not { } person)
        {
            return Answers.Refused(Account.PersonGone);
        }

        var mergeId = "mrg-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var noteId = vault.Keep(session, person, reason);
        session.Events.StartStream<AccountMerge>(
            mergeId,
            new MergeProposed(mergeId, survivorId, absorbedId, noteId, Today)
        );
        await session.SaveChangesAsync(cancellation);
        var merge = await session.LoadAsync<AccountMerge>(mergeId, cancellation);
        return Answers.Created($"/v1/accounts/{survivorId}/merges/{mergeId}", await BodyAsync(merge!, cancellation));
    }

    /// <summary>Opens a merge of an account for a decision; none when there is no such one.</summary>
    public async Task<OpenedMerge?> OpenAsync(
        string survivorId,
        string mergeId,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(survivorId, LedgerIdKind.Account, out var book))
        {
            return null;
        }

        var session = books.Write(book, http.Actor());
        var merges = await MergeGuard.CountAsync(books, cancellation);
        var stream = await session.Events.FetchForWriting<AccountMerge>(mergeId, cancellation);
        if (stream.Aggregate is { } merge && merge.SurvivorId == survivorId)
        {
            return new OpenedMerge(this, session, stream, merges);
        }

        await session.DisposeAsync();
        return null;
    }

    /// <summary>Puts what goes beside the events of a merge, or of its undoing, into the session's commit.</summary>
    internal async Task MoveAsync(
        IDocumentSession session,
        AccountMerge merge,
        Person absorbed,
        IReadOnlyList<object> taken,
        string toId,
        CancellationToken cancellation
    )
    {
        var merges = toId == merge.SurvivorId;
        session.ForTenant(books.BookOf(absorbed.Id)).Store(absorbed.With(merges ? merge.SurvivorId : null));
        await MoveIdentity(session, absorbed, toId, cancellation);
        await MoveSubjects(session, merge, toId, cancellation);
        await MoveClaims(session, [.. taken.OfType<OutcomeTakenOver>()], toId, cancellation);
        foreach (var award in taken.OfType<AwardTakenOver>())
        {
            session
                .ForTenant(books.BookOf(award.AwardId))
                .Store(new AwardPlace { Id = award.AwardId, AccountId = toId });
        }
    }

    /// <summary>The person of an account; none once erased.</summary>
    internal async Task<Person?> PersonOf(string accountId, CancellationToken cancellation)
    {
        await using var session = books.Read(books.BookOf(accountId));
        return await session.LoadAsync<Person>(accountId, cancellation);
    }

    /// <summary>Keeps words under the survivor's key within the commit; none when the person was erased.</summary>
    internal async Task<string?> KeepAsync(
        IDocumentSession session,
        AccountMerge merge,
        string words,
        CancellationToken cancellation
    ) =>
        await session.LoadAsync<Person>(merge.SurvivorId, cancellation) is { } person
            ? vault.Keep(session, person, words)
            : null;

    /// <summary>The transfers of an account against which an appeal is open.</summary>
    internal async Task<IReadOnlyList<string>> AppealedAsync(string accountId, CancellationToken cancellation)
    {
        await using var session = books.Read(books.BookOf(accountId));
        return await session
            .Query<Transfer>()
            .Where(transfer => transfer.AccountId == accountId)
            .Where(transfer => transfer.AppealState!.IsOneOf(AppealStates.Filed, AppealStates.Admitted))
            .Select(transfer => transfer.Id)
            .ToListAsync(cancellation);
    }

    /// <summary>
    /// Why the account has to stand for itself a while: an appeal that could not be filed after the merge. None when
    /// none.
    /// </summary>
    internal async Task<Refusal?> AppealTermAsync(string accountId, CancellationToken cancellation)
    {
        await using var session = books.Read(books.BookOf(accountId));
        string[] states = [TransferStates.PartlyApproved, TransferStates.Returned, TransferStates.Rejected];
        var decided = await session
            .Query<Transfer>()
            .Where(transfer => transfer.AccountId == accountId && transfer.State.IsOneOf(states))
            .ToListAsync(cancellation);
        var running = decided
            .Select(transfer => (transfer.Id, LastOn: AppealDecider.OpenUntil(transfer, terms)))
            .Where(one => one.LastOn >= Today)
            .OrderByDescending(one => one.LastOn)
            .ThenBy(one => one.Id, StringComparer.Ordinal)
            .ToList();
        return running is [var last, ..] ? MergeRefusals.AppealTerm(last.Id, last.LastOn!.Value) : null;
    }

    /// <summary>The outcomes that open transfers of an account have in play, held or not.</summary>
    internal async Task<IReadOnlyCollection<string>> InPlayAsync(string accountId, CancellationToken cancellation)
    {
        await using var session = books.Read(books.BookOf(accountId));
        var open = await session
            .Query<Transfer>()
            .Where(transfer => transfer.AccountId == accountId)
            .Where(transfer => transfer.State.IsOneOf(TransferStates.Evaluated, TransferStates.InformationRequested))
            .ToListAsync(cancellation);
        return open.SelectMany(LineDecider.InPlay).ToHashSet();
    }

    /// <summary>Keeps an account's person from beginning anything until the session's commit.</summary>
    internal Task TakeAloneAsync(IDocumentSession session, string accountId, CancellationToken cancellation) =>
        PersonGuard.TakeAloneAsync(session, books, [accountId], cancellation);

    /// <summary>The book of an account.</summary>
    internal string BookOf(string accountId) => books.BookOf(accountId);

    /// <summary>A merge as it is shown.</summary>
    public async Task<MergeBody> BodyAsync(AccountMerge merge, CancellationToken cancellation)
    {
        await using var session = books.Read(books.BookOf(merge.SurvivorId));
        await using var other = books.Read(books.BookOf(merge.AbsorbedId));
        return await MergeReading.BodyAsync(session, other, vault, merge, cancellation);
    }

    private async Task<Account?> ReadAsync(string accountId, CancellationToken cancellation)
    {
        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return null;
        }

        await using var session = books.Read(book);
        return await session.Events.AggregateStreamAsync<Account>(accountId, token: cancellation);
    }

    /// <summary>Future records for the identity go where its account went.</summary>
    private async Task MoveIdentity(
        IDocumentSession session,
        Person person,
        string toId,
        CancellationToken cancellation
    )
    {
        var tag = vault.TagOf(person);
        var book = session.ForTenant(vault.BookOfIdentity(tag));
        if (await book.LoadAsync<IdentityClaim>(tag, cancellation) is { } claim)
        {
            book.Store(
                new IdentityClaim
                {
                    Id = tag,
                    AccountId = toId,
                    ClaimedForId = toId == person.Id ? null : person.Id,
                    NameTag = claim.NameTag,
                }
            );
        }
    }

    /// <summary>Who signs in as the absorbed account's learner is the survivor's, and the other way round.</summary>
    private async Task MoveSubjects(
        IDocumentSession session,
        AccountMerge merge,
        string toId,
        CancellationToken cancellation
    )
    {
        var (absorbed, survivor) = (merge.AbsorbedId, merge.SurvivorId);
        await using var reading = books.Read(LedgerBooks.Registry);
        var bound = LedgerBooks.QueryLearnerBooks<SubjectBinding>(reading);
        var moving =
            toId == survivor
                ? bound.Where(binding => binding.AccountId == absorbed)
                : bound.Where(binding => binding.AccountId == survivor && binding.BoundToId == absorbed);
        foreach (var binding in await moving.ToListAsync(cancellation))
        {
            session
                .ForTenant(vault.BookOfSubject(binding.Id))
                .Store(
                    new SubjectBinding
                    {
                        Id = binding.Id,
                        AccountId = toId,
                        BoundToId = toId == survivor ? absorbed : null,
                    }
                );
        }
    }

    /// <summary>What expires on a day to come expires where it is then.</summary>
    private void MoveTerm(IDocumentSession session, ExpiryEntry entry, string toId)
    {
        var (from, to) = (books.BookOf(entry.AccountId), books.BookOf(toId));
        if (from != to)
        {
            session.ForTenant(from).Delete<ExpiryEntry>(entry.Id);
        }

        session
            .ForTenant(to)
            .Store(
                new ExpiryEntry
                {
                    Id = entry.Id,
                    AccountId = toId,
                    ExpiresOn = entry.ExpiresOn,
                    Warned = entry.Warned,
                }
            );
    }

    /// <summary>
    /// A higher revision, a correction or a revocation of an outcome finds it where it is now, and so does its term.
    /// </summary>
    private async Task MoveClaims(
        IDocumentSession session,
        IReadOnlyList<OutcomeTakenOver> outcomes,
        string toId,
        CancellationToken cancellation
    )
    {
        var lookup = new KeyLookup(books);
        foreach (var taken in outcomes)
        {
            var id = RecordKeys.ClaimId(vault.Keys, taken.Record.InstitutionId, taken.Record.RecordId);
            lookup.Want<RecordClaim>(books.BookOfKey(RecordClaim.KeyKind, id), id);
            lookup.Want<ExpiryEntry>(books.BookOf(taken.FromAccountId), taken.OutcomeId);
        }

        await lookup.Run(cancellation);
        foreach (var claim in lookup.Found<RecordClaim>().Values.OrderBy(claim => claim.Id, StringComparer.Ordinal))
        {
            session
                .ForTenant(books.BookOfKey(RecordClaim.KeyKind, claim.Id))
                .UpdateRevision(claim.MovedTo(toId), claim.Version + 1);
        }

        foreach (var entry in lookup.Found<ExpiryEntry>().Values)
        {
            MoveTerm(session, entry, toId);
        }
    }
}
