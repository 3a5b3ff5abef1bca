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
}
