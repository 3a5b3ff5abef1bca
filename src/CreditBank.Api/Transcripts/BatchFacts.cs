using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.Merges;
using CreditBank.Api.Transfers;
using JasperFx;
using Marten;

namespace CreditBank.Api.Transcripts;

/// <summary>What a batch of rows is decided on: read in one round trip, and one more where records change.</summary>
internal sealed class BatchFacts
{
    /// <summary>Claims of identities, by tag.</summary>
    public Dictionary<string, IdentityClaim> Identities { get; init; } = [];

    /// <summary>Persons of the accounts that rows name, by account.</summary>
    public Dictionary<string, Person> Persons { get; init; } = [];

    /// <summary>Claims of records, by id.</summary>
    public Dictionary<string, RecordClaim> Claims { get; init; } = [];

    /// <summary>Keys of persons for whom records are suspended, by tag.</summary>
    public Dictionary<string, SuspendedPerson> Suspended { get; init; } = [];

    /// <summary>Accounts whose outcomes may be corrected, by id.</summary>
    public Dictionary<string, Account> Accounts { get; init; } = [];

    /// <summary>Open transfers that hold credit of outcomes that may be corrected, by id.</summary>
    public Dictionary<string, Transfer> Transfers { get; init; } = [];

    /// <summary>How many merges there had been before anything here was read.</summary>
    public long Merges { get; init; }

    /// <summary>
    /// Accounts of known records whose person was erased; asked only where a row's learner is unknown.
    /// </summary>
    public HashSet<string> Erased { get; init; } = [];

    /// <summary>The issuer as it stands; none for what it sent before.</summary>
    public Institution? Issuer { get; init; }

    /// <summary>Asks for what rows need, so that it is read in one round trip with something else.</summary>
    /// <param name="lookup">Where it is asked for.</param>
    /// <param name="books">The books.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="issuerId">The issuer, when it must be allowed to act now; none for what it sent before.</param>
    public static void Ask(KeyLookup lookup, LedgerBooks books, IReadOnlyList<CheckedRow> rows, string? issuerId)
    {
        lookup.Want<MergeCount>(LedgerBooks.Registry, MergeCount.Key);
        if (issuerId is not null)
        {
            lookup.Want<Institution>(LedgerBooks.Registry, Institution.StreamOf(issuerId));
        }

        foreach (var row in rows.Where(row => row.Problem is null))
        {
            lookup.Want<RecordClaim>(books.BookOfKey(RecordClaim.KeyKind, row.ClaimId), row.ClaimId);
            lookup.Want<SuspendedPerson>(books.BookOfKey(SuspendedPerson.KeyKind, row.PersonTag), row.PersonTag);
            if (row.AccountId is { } accountId)
            {
                lookup.Want<Person>(books.BookOf(accountId), accountId);
            }
            else
            {
                lookup.Want<IdentityClaim>(books.BookOfKey(IdentityVault.IdentityKey, row.PersonTag), row.PersonTag);
            }
        }
    }

    /// <summary>Reads what the rows need.</summary>
    /// <param name="books">The books.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="issuerId">The issuer, when it must be allowed to act now; none for what it sent before.</param>
    /// <param name="asked">Where <see cref="Ask"/> asked and what was read since; none when nothing was.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<BatchFacts> Load(
        LedgerBooks books,
        IReadOnlyList<CheckedRow> rows,
        string? issuerId,
        KeyLookup? asked,
        CancellationToken cancellation
    )
    {
        var lookup = asked ?? new KeyLookup(books);
        if (asked is null)
        {
            Ask(lookup, books, rows, issuerId);
            await lookup.Run(cancellation);
        }

        var issuer = issuerId is null ? string.Empty : Institution.StreamOf(issuerId);
        var claims = lookup.Found<RecordClaim>();
        var erased = await LoadErased(books, rows, claims, lookup, cancellation);
        var corrected = ClaimsToCorrect(rows, claims).ToList();
        var accounts = await LoadAccounts(books, corrected.Select(claim => claim.AccountId!), cancellation);
        if (corrected.FirstOrDefault(claim => IsElsewhere(claim, accounts)) is { } moved)
        {
            // A merge moved it since the claim was read.
            throw new ConcurrencyException(typeof(Account), moved.AccountId!);
        }

        return new BatchFacts
        {
            Erased = erased,
            Issuer = lookup.Found<Institution>().GetValueOrDefault(issuer),
            Merges = lookup.Found<MergeCount>().GetValueOrDefault(MergeCount.Key)?.Count ?? 0,
            Identities = lookup.Found<IdentityClaim>(),
            Persons = lookup.Found<Person>(),
            Claims = claims,
            Suspended = lookup.Found<SuspendedPerson>(),
            Accounts = accounts,
            Transfers = await LoadTransfers(books, corrected, accounts, cancellation),
        };
    }

    /// <summary>
    /// Whose persons are gone, of the accounts of records that were sent before, by learners nobody knows any more.
    /// </summary>
    private static async Task<HashSet<string>> LoadErased(
        LedgerBooks books,
        IReadOnlyList<CheckedRow> rows,
        Dictionary<string, RecordClaim> claims,
        KeyLookup lookup,
        CancellationToken cancellation
    )
    {
        var unknown = rows.Where(row => row.Problem is null)
            .Where(row =>
                row.AccountId is { } named
                    ? !lookup.Found<Person>().ContainsKey(named)
                    : !lookup.Found<IdentityClaim>().ContainsKey(row.PersonTag)
            )
            .Select(row => claims.GetValueOrDefault(row.ClaimId)?.AccountId)
            .OfType<string>()
            .ToHashSet();
        foreach (var accountId in unknown)
        {
            lookup.Want<Person>(books.BookOf(accountId), accountId);
        }

        await lookup.Run(cancellation);
        unknown.ExceptWith(lookup.Found<Person>().Keys);
        return unknown;
    }

    /// <summary>Reads accounts, a query for each book.</summary>
    public static async Task<Dictionary<string, Account>> LoadAccounts(
        LedgerBooks books,
        IEnumerable<string> accountIds,
        CancellationToken cancellation
    )
    {
        var accounts = new Dictionary<string, Account>();
        foreach (var book in accountIds.Distinct().GroupBy(books.BookOf))
        {
            await using var session = books.Read(book.Key);
            string[] streams = [.. book];
            var events = await session
                .Events.QueryAllRawEvents()
                .Where(@event => @event.StreamKey!.IsOneOf(streams))
                .ToListAsync(cancellation);
            foreach (var stream in events.GroupBy(@event => @event.StreamKey!))
            {
                accounts.Add(stream.Key, AccountFold.Of(stream.Key, stream.OrderBy(@event => @event.Version)));
            }
        }

        return accounts;
    }

    /// <summary>Reads the transfers that hold outcomes, a query for each book.</summary>
    private static async Task<Dictionary<string, Transfer>> LoadTransfers(
        LedgerBooks books,
        IEnumerable<RecordClaim> corrected,
        Dictionary<string, Account> accounts,
        CancellationToken cancellation
    )
    {
        var held = corrected
            .SelectMany(claim => accounts[claim.AccountId!].Outcomes[claim.OutcomeId!].Holds.Keys)
            .Distinct();
        var transfers = new Dictionary<string, Transfer>();
        foreach (var book in held.GroupBy(books.BookOf))
        {
            await using var session = books.Read(book.Key);
            foreach (var transfer in await session.LoadManyAsync<Transfer>(cancellation, book))
            {
                transfers.Add(transfer.Id, transfer);
            }
        }

        return transfers;
    }

    private static bool IsElsewhere(RecordClaim claim, Dictionary<string, Account> accounts) =>
        accounts.GetValueOrDefault(claim.AccountId!)?.Outcomes.ContainsKey(claim.OutcomeId!) != true;

    private static IEnumerable<RecordClaim> ClaimsToCorrect(
        IReadOnlyList<CheckedRow> rows,
        Dictionary<string, RecordClaim> claims
    ) =>
        from row in rows
        where row.Problem is null
        let claim = claims.GetValueOrDefault(row.ClaimId)
        where claim?.AccountId is not null && row.Record.Revision > claim.Latest.Revision
        select claim;
}
