using System.Diagnostics.CodeAnalysis;
using CreditBank.Kernel;
using Marten;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Opens sessions on ledger books. A book is a Marten tenant with its own event sequence, projections' progress and
/// audit log; an id's bucket names its book. What belongs to no learner lives in the registry book.
/// </summary>
public sealed class LedgerBooks(IDocumentStore store)
{
    private BookPlan? opened;

    /// <summary>The book of institutions, programmes, rule sets and submissions' headers.</summary>
    public const string Registry = "registry";

    /// <summary>The learners' books, in order.</summary>
    public IReadOnlyList<string> Learners => Plan.Books;

    /// <summary>Every book, the registry first.</summary>
    public IReadOnlyList<string> All => [Registry, .. Plan.Books];

    /// <summary>Up to which instant the past of the books is closed.</summary>
    public SettledTime Settled { get; } = new();

    /// <summary>The store behind all books.</summary>
    public IDocumentStore Store => store;

    /// <summary>The book in which an account, outcome, claim or transfer lives.</summary>
    /// <exception cref="FormatException">The text is no ledger id.</exception>
    public string BookOf(string ledgerId) => Plan.BookOfBucket(LedgerId.BucketOf(ledgerId));

    /// <summary>The book of an id that a caller sent.</summary>
    /// <returns>False when the text is no id of that kind.</returns>
    public bool TryBookOf(string? id, LedgerIdKind kind, [NotNullWhen(true)] out string? book)
    {
        book = LedgerId.Is(id, kind) ? BookOf(id!) : null;
        return book is not null;
    }

    /// <summary>The book in which a key that must be unique across learners is claimed.</summary>
    public string BookOfKey(string kind, string key) => Plan.BookOfBucket(LedgerId.BucketOfKey(kind, key));

    private BookPlan Plan => opened ?? throw new InvalidOperationException("The books are not open yet.");

    /// <summary>Takes the plan that storage remembers; once, at start.</summary>
    public void Open(BookPlan plan) => opened = plan;

    /// <summary>A session that reads one book.</summary>
    public IQuerySession Read(string book) => store.QuerySession(book);

    /// <summary>Every document of a kind in the learners' books. For kinds with few documents a book.</summary>
    public async Task<IReadOnlyList<T>> QueryLearnerBooks<T>(CancellationToken cancellation)
        where T : notnull
    {
        await using var session = Read(Registry);
        return await session.Query<T>().Where(document => document.AnyTenant()).ToListAsync(cancellation);
    }

    /// <summary>
    /// Documents of all learners' books, for lists that belong to no learner. One query while the books lie on one
    /// server; with several it becomes one a server.
    /// </summary>
    public static IQueryable<T> QueryLearnerBooks<T>(IQuerySession session)
        where T : notnull => session.Query<T>().Where(document => document.AnyTenant());

    /// <summary>
    /// A session that writes one book, and others through <c>ForTenant</c> in the same commit. The actor goes into
    /// every event's envelope.
    /// </summary>
    public IDocumentSession Write(string book, Actor actor)
    {
        var session = store.LightweightSession(book);
        session.LastModifiedBy = actor.Id;
        session.CorrelationId = actor.CorrelationId;
        session.CausationId = actor.CausationId;
        return session;
    }
}

/// <summary>Who acts, as events name it: a pseudonymous id, never a name.</summary>
/// <param name="Id">The actor's pseudonymous id.</param>
/// <param name="CorrelationId">The request or trace it belongs to.</param>
/// <param name="CausationId">What caused it, where something did.</param>
public sealed record Actor(string Id, string? CorrelationId, string? CausationId = null)
{
    /// <summary>The service itself, for what happens by time or at start.</summary>
    public static readonly Actor Bank = new("bank", null);
}
