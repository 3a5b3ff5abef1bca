using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// Posts what waited for persons who have an account now. Runs after an account was opened, and after records were
/// suspended: whichever of the two commits last sees the other, so that no record waits for an account that is there.
/// </summary>
public sealed class SuspendedRelease(LedgerBooks books, IdentityVault vault, Recording recording, IClock clock)
{
    /// <summary>
    /// Posts the records of those persons among these who have an account. Running it twice posts once.
    /// </summary>
    /// <param name="personTags">The tags of identities.</param>
    /// <param name="actor">Who caused it.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task Run(IReadOnlyCollection<string> personTags, Actor actor, CancellationToken cancellation) =>
        personTags.Count == 0 ? Task.CompletedTask : Races.Retry(() => RunOnce(personTags, actor, cancellation));

    private async Task<bool> RunOnce(
        IReadOnlyCollection<string> personTags,
        Actor actor,
        CancellationToken cancellation
    )
    {
        var lookup = new KeyLookup(books);
        foreach (var tag in personTags)
        {
            var book = books.BookOfKey(SuspendedPerson.KeyKind, tag);
            lookup.Want<SuspendedPerson>(book, tag);
            lookup.Want<IdentityClaim>(book, tag);
        }

        await lookup.Run(cancellation);
        var keys = lookup.Found<SuspendedPerson>();
        string[] ready = [.. lookup.Found<IdentityClaim>().Keys.Where(keys.ContainsKey)];
        if (ready.Length == 0)
        {
            return false;
        }

        await using var session = books.Write(LedgerBooks.Registry, actor);
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        var waiting = await Waiting(ready, cancellation);
        foreach (var submission in waiting.GroupBy(record => (record.InstitutionId, record.TranscriptId)))
        {
            var terms = new BatchTerms(submission.Key.InstitutionId, submission.Key.TranscriptId, false, today);
            var checker = new RowChecker(terms.InstitutionId, NoAccreditation, vault, today);
            CheckedRow[] rows =
            [
                .. submission.Select(record => checker.Ready(0, record.Open(vault.Keys, keys[record.PersonTag]))),
            ];
            var facts = await BatchFacts.Load(books, rows, null, null, cancellation);
            var plan = new BatchDecider(terms, facts, recording, vault.Keys, OpenAccountEndpoint.NewAccountId).Decide(
                rows
            );
            plan.DropUnchanged();
            new BatchCommit(session, books, vault, actor).Write(plan, facts, terms);
        }

        await session.SaveChangesAsync(cancellation);
        return true;
    }

    private async Task<IReadOnlyList<SuspendedRecord>> Waiting(string[] tags, CancellationToken cancellation)
    {
        var found = new List<SuspendedRecord>();
        foreach (var book in tags.GroupBy(tag => books.BookOfKey(SuspendedPerson.KeyKind, tag)))
        {
            string[] inBook = [.. book];
            await using var session = books.Read(book.Key);
            found.AddRange(
                await session
                    .Query<SuspendedRecord>()
                    .Where(record => record.PersonTag.IsOneOf(inBook))
                    .OrderBy(record => record.Id)
                    .ToListAsync(cancellation)
            );
        }

        return found;
    }

    // They were checked when they came in.
    private static readonly Accreditation NoAccreditation = new([], [], BankCalendar.EarliestOn, null);
}
