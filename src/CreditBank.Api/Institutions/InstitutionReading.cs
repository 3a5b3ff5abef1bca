using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Institutions;

/// <summary>Reads one institution from the registry book.</summary>
internal static class InstitutionReading
{
    /// <summary>The institution; none when there is none.</summary>
    public static async Task<Institution?> FindAsync(
        LedgerBooks books,
        string institutionId,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(LedgerBooks.Registry);
        return await session.LoadAsync<Institution>(Institution.StreamOf(institutionId), cancellation);
    }

    /// <summary>
    /// Why an institution may not act on a day (suspended, merged); none when it may, or when there is no such
    /// institution.
    /// </summary>
    public static async Task<Refusal?> MayNotActAsync(
        LedgerBooks books,
        string institutionId,
        LocalDate day,
        CancellationToken cancellation
    ) => (await FindAsync(books, institutionId, cancellation))?.MayNotAct(day);

    /// <summary>
    /// Why an institution may do nothing at all on a day, because another answers for it; none otherwise.
    /// </summary>
    public static async Task<Refusal?> IsNoMoreAsync(
        LedgerBooks books,
        string institutionId,
        LocalDate day,
        CancellationToken cancellation
    ) => (await FindAsync(books, institutionId, cancellation))?.IsNoMore(day);

    /// <summary>
    /// The institution that answers for one on a day: itself, or its successor, also in several steps; none when there
    /// is none.
    /// </summary>
    public static async Task<Institution?> WhoAnswersAsync(
        LedgerBooks books,
        string institutionId,
        LocalDate day,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var found = await session.LoadAsync<Institution>(Institution.StreamOf(institutionId), cancellation);
        while (found is { SuccessorId: { } successor } && found.MergedOn <= day)
        {
            found = await session.LoadAsync<Institution>(Institution.StreamOf(successor), cancellation);
        }

        return found;
    }
}
