using System.Diagnostics.Metrics;
using CreditBank.Api.Infrastructure.Storage;
using Marten;
using NodaTime;

namespace CreditBank.Api.Claims;

/// <summary>
/// Counts, once a day, the claims that wait past their due day: a metric for each book, and a warning in the log.
/// </summary>
public sealed class ClaimDeadlines : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "CreditBank.Claims";

    private readonly LedgerBooks books;
    private readonly ILogger<ClaimDeadlines> log;
    private readonly Meter meter = new(MeterName);
    private readonly Gauge<int> overdue;

    /// <summary>Counts in these books.</summary>
    public ClaimDeadlines(LedgerBooks books, ILogger<ClaimDeadlines> log)
    {
        (this.books, this.log) = (books, log);
        overdue = meter.CreateGauge<int>(
            "creditbank.claims.overdue",
            "{claim}",
            "Certificate claims that wait past their due day, by book."
        );
    }

    /// <summary>Counts in one book.</summary>
    /// <param name="book">A learners' book.</param>
    /// <param name="today">The day in Shanghai.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>How many there are.</returns>
    public async Task<int> CountAsync(string book, LocalDate today, CancellationToken cancellation)
    {
        await using var session = books.Read(book);
        var count = await CertificateClaim.Overdue(session.Query<CertificateClaim>(), today).CountAsync(cancellation);
        overdue.Record(count, new KeyValuePair<string, object?>("book", book));
        if (count > 0)
        {
            log.LogWarning("{Count} certificate claims of {Book} wait past their due day.", count, book);
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
