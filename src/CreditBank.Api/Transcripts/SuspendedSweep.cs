using CreditBank.Api.Infrastructure.Storage;
using Marten;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// Looks once after each start for records that wait although their person has an account: the service may have been
/// killed between the commit that opened the account and the one that posts what waited.
/// </summary>
public sealed class SuspendedSweep(LedgerBooks books, SuspendedRelease release) : BackgroundService
{
    private const int PeopleOfBatch = 1_000;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var book in books.Learners)
        {
            var after = string.Empty;
            while (await PeopleBehind(book, after, stoppingToken) is { Count: > 0 } people)
            {
                await release.Run(people, Actor.Bank, stoppingToken);
                after = people[^1];
            }
        }
    }

    private async Task<IReadOnlyList<string>> PeopleBehind(string book, string after, CancellationToken cancellation)
    {
        await using var session = books.Read(book);
        return await session
            .Query<SuspendedPerson>()
            .Where(person => person.Id.CompareTo(after) > 0)
            .OrderBy(person => person.Id)
            .Select(person => person.Id)
            .Take(PeopleOfBatch)
            .ToListAsync(cancellation);
    }
}
