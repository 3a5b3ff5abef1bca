using System.Diagnostics.Metrics;
using CreditBank.Api.Claims;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.PriorLearning;
using CreditBank.Api.Transfers;
using Marten;
using NodaTime;

namespace CreditBank.Api.Expiry;

/// <summary>How much waits past its due day in one book.</summary>
/// <param name="Claims">Certificate claims that are not decided.</param>
/// <param name="PriorLearning">Applications for prior learning that are not decided.</param>
/// <param name="Appeals">Appeals of which no panel said whether it admits them.</param>
public sealed record OverdueCount(int Claims, int PriorLearning, int Appeals);

/// <summary>
/// Counts, once a day, what waits past its due day: a metric for each kind and book, and a warning in the log.
/// </summary>
public sealed class Deadlines : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "CreditBank.Deadlines";

    private readonly LedgerBooks books;
    private readonly ILogger<Deadlines> log;
    private readonly Meter meter = new(MeterName);
    private readonly Gauge<int> claims;
    private readonly Gauge<int> priorLearning;
    private readonly Gauge<int> appeals;

    /// <summary>Counts in these books.</summary>
    public Deadlines(LedgerBooks books, ILogger<Deadlines> log)
    {
        (this.books, this.log) = (books, log);
        claims = Of("claims", "{claim}", "Certificate claims");
        priorLearning = Of("prior_learning", "{application}", "Applications for prior learning");
        appeals = Of("appeals", "{appeal}", "Appeals without an answer");
    }

    /// <summary>Counts in one book.</summary>
    /// <param name="book">A learners' book.</param>
    /// <param name="today">The day in Shanghai.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<OverdueCount> CountAsync(string book, LocalDate today, CancellationToken cancellation)
    {
        await using var session = books.Read(book);
        var count = new OverdueCount(
            await CertificateClaim.Overdue(session.Query<CertificateClaim>(), today).CountAsync(cancellation),
            await Portfolio.Overdue(session.Query<Portfolio>(), today).CountAsync(cancellation),
            await Transfer.WithOverdueAppeal(session.Query<Transfer>(), today).CountAsync(cancellation)
        );
        Tell(claims, "certificate claims", book, count.Claims);
        Tell(priorLearning, "applications for prior learning", book, count.PriorLearning);
        Tell(appeals, "appeals", book, count.Appeals);
        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private Gauge<int> Of(string name, string unit, string what) =>
        meter.CreateGauge<int>($"creditbank.{name}.overdue", unit, $"{what} that wait past their due day, by book.");

    private void Tell(Gauge<int> gauge, string what, string book, int count)
    {
        gauge.Record(count, new KeyValuePair<string, object?>("book", book));
        if (count > 0)
        {
            log.LogWarning("{Count} {What} of {Book} wait past their due day.", count, what, book);
        }
    }
}
