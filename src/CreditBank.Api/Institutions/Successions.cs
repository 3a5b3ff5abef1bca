using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Marten;
using NodaTime;

namespace CreditBank.Api.Institutions;

/// <summary>
/// Which institution answers for which that became part of it. Remembered for some seconds, because every request of an
/// institution asks; on the node that records a merger it counts at once.
/// </summary>
public sealed class Successions(LedgerBooks books, IClock clock)
{
    private static readonly Duration Fresh = Duration.FromSeconds(5);
    private static readonly IReadOnlySet<string> None = new HashSet<string>();
    private volatile Remembered? remembered;

    /// <summary>The institutions that became part of one by today, also in several steps.</summary>
    public async ValueTask<IReadOnlySet<string>> PredecessorsOf(string institutionId, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        if (remembered is not { } known || now - known.At > Fresh)
        {
            await using var session = books.Read(LedgerBooks.Registry);
            var merged = await session
                .Query<Institution>()
                .Where(institution => institution.SuccessorId != null)
                .ToListAsync(cancellation);
            remembered = known = new Remembered(now, merged);
        }

        return known.Merged.Count == 0 ? None : Of(known.Merged, institutionId, BankCalendar.DayOf(now));
    }

    /// <summary>Reads anew at the next question.</summary>
    public void Forget() => remembered = null;

    /// <summary>The institutions that became part of one, also in several steps. Pure.</summary>
    public static IReadOnlySet<string> Of(IReadOnlyList<Institution> merged, string institutionId, LocalDate day)
    {
        var found = new HashSet<string>();
        var next = new Queue<string>([institutionId]);
        while (next.TryDequeue(out var successor))
        {
            foreach (var one in merged.Where(one => one.SuccessorId == successor && one.MergedOn <= day))
            {
                if (one.InstitutionId != institutionId && found.Add(one.InstitutionId))
                {
                    next.Enqueue(one.InstitutionId);
                }
            }
        }

        return found;
    }

    private sealed record Remembered(Instant At, IReadOnlyList<Institution> Merged);
}
