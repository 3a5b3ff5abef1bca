using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Merges;
using CreditBank.Api.Transcripts;
using JasperFx;
using Marten;
using NodaTime;

namespace CreditBank.Api.Expiry;

/// <summary>
/// Does what the days bring about in a book: expires what is due and warns of what will be. Whatever was missed is
/// caught up; doing it again, or twice at once, changes nothing. Which account an outcome is in is read before that
/// account: when accounts were merged between the two, the commit is lost and the batch is decided anew, or the entry
/// that went along to another account would be taken off the list with nothing done.
/// </summary>
public sealed class ExpirySweep(LedgerBooks books, ExpiryTerms terms)
{
    /// <summary>How many outcomes one commit takes.</summary>
    public const int BatchMax = 500;

    /// <summary>Expires and warns, batch by batch.</summary>
    /// <param name="book">A learners' book.</param>
    /// <param name="today">The day in Shanghai.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <returns>How many outcomes were looked at.</returns>
    public async Task<int> RunAsync(string book, LocalDate today, CancellationToken cancellation)
    {
        var seen = await InBatches(() => Expire(book, today, cancellation));
        for (var done = terms.WarningDays.Count; done > 0; done--)
        {
            for (var before = 0; before < done; before++)
            {
                var step = (before, done);
                seen += await InBatches(() => Warn(book, today, step, cancellation));
            }
        }

        return seen;
    }

    private static async Task<int> InBatches(Func<Task<int>> batch)
    {
        var seen = 0;
        while (await Races.Retry(batch) is var count and > 0)
        {
            seen += count;
        }

        return seen;
    }

    private async Task<int> Expire(string book, LocalDate today, CancellationToken cancellation)
    {
        var merges = await MergeGuard.CountAsync(books, cancellation);
        await using var session = books.Write(book, Actor.Bank);
        var day = ExpiryEntry.TextOf(today);
        var due = await session
            .Query<ExpiryEntry>()
            .Where(entry => entry.ExpiresOn.CompareTo(day) <= 0)
            .OrderBy(entry => entry.ExpiresOn)
            .Take(BatchMax)
            .ToListAsync(cancellation);
        await Append(session, due, (account, outcomes) => ExpiringCredit.Due(account, outcomes, today), cancellation);
        string[] done = [.. due.Select(entry => entry.Id)];
        session.DeleteWhere<ExpiryEntry>(entry => entry.Id.IsOneOf(done));
        return await Commit(session, due, merges, cancellation);
    }

    /// <summary>
    /// The nearest warning first, so that what is recorded late gets one warning and not all of them at once. One count
    /// of warnings at a time, because what was warned and waits for its day is then not even looked at.
    /// </summary>
    /// <param name="book">The book.</param>
    /// <param name="today">The day in Shanghai.</param>
    /// <param name="step">How many warnings were done, and how many will have been.</param>
    /// <param name="cancellation">Ends it.</param>
    private async Task<int> Warn(
        string book,
        LocalDate today,
        (int Before, int After) step,
        CancellationToken cancellation
    )
    {
        var (before, warned) = step;
        var merges = await MergeGuard.CountAsync(books, cancellation);
        await using var session = books.Write(book, Actor.Bank);
        var last = ExpiryEntry.TextOf(today.PlusDays(terms.WarningDays[warned - 1]));
        var near = await session
            .Query<ExpiryEntry>()
            .Where(entry => entry.Warned == before && entry.ExpiresOn.CompareTo(last) <= 0)
            .OrderBy(entry => entry.ExpiresOn)
            .Take(BatchMax)
            .ToListAsync(cancellation);
        await Append(
            session,
            near,
            (account, outcomes) => ExpiringCredit.Warning(account, outcomes, today),
            cancellation
        );
        await ExpectUnwarned(session, near, warned, cancellation);
        foreach (var entry in near)
        {
            session.Store(
                new ExpiryEntry
                {
                    Id = entry.Id,
                    AccountId = entry.AccountId,
                    ExpiresOn = entry.ExpiresOn,
                    Warned = warned,
                }
            );
        }

        return await Commit(session, near, merges, cancellation);
    }

    /// <summary>
    /// Asked after the accounts were read: whoever warns from here on changes an account that was read before, and one
    /// of the two loses.
    /// </summary>
    /// <exception cref="ConcurrencyException">Somebody else warned meanwhile.</exception>
    private static async Task ExpectUnwarned(
        IDocumentSession session,
        IReadOnlyList<ExpiryEntry> entries,
        int warned,
        CancellationToken cancellation
    )
    {
        string[] ids = [.. entries.Select(entry => entry.Id)];
        var still = await session
            .Query<ExpiryEntry>()
            .Where(entry => entry.Id.IsOneOf(ids) && entry.Warned < warned)
            .CountAsync(cancellation);
        if (still < ids.Length)
        {
            throw new ConcurrencyException(typeof(ExpiryEntry), ids[0]);
        }
    }

    /// <summary>An empty batch has nothing to commit, and nothing to lose.</summary>
    private static async Task<int> Commit(
        IDocumentSession session,
        IReadOnlyList<ExpiryEntry> entries,
        long merges,
        CancellationToken cancellation
    )
    {
        if (entries.Count > 0)
        {
            MergeGuard.Expect(session, merges);
            await session.SaveChangesAsync(cancellation);
        }

        return entries.Count;
    }

    /// <summary>Each account at the version it was read at: a commit that loses is decided anew.</summary>
    private async Task Append(
        IDocumentSession session,
        IReadOnlyList<ExpiryEntry> entries,
        Func<Account, IEnumerable<string>, IReadOnlyList<object>> decide,
        CancellationToken cancellation
    )
    {
        var owned = entries.ToLookup(entry => entry.AccountId, entry => entry.Id);
        var accounts = await BatchFacts.LoadAccounts(books, owned.Select(group => group.Key), cancellation);
        foreach (var (accountId, account) in accounts)
        {
            var events = decide(account, owned[accountId]);
            if (events.Count > 0)
            {
                session.Events.Append(accountId, account.Version + events.Count, events);
            }
        }
    }
}
