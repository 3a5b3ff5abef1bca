using NodaTime;

namespace CreditBank.Api.AuditLog;

/// <summary>When a book is swept and signed: some seconds after it grew, and for a while after that.</summary>
internal sealed class LogRhythm
{
    private static readonly Duration Afterwards = Duration.FromMinutes(10);

    private Instant? doneAt;
    private Instant grownAt;
    private long doneThrough = -1;

    /// <summary>The ranges that are compared before each checkpoint.</summary>
    public RollingSweep Sweep { get; } = new();

    /// <summary>Whether it is time.</summary>
    /// <param name="settledThrough">Where the book stands.</param>
    /// <param name="now">The time.</param>
    /// <param name="every">The least time between two.</param>
    /// <param name="atOnce">Does not wait for the time.</param>
    public bool IsDue(long settledThrough, Instant now, Duration every, bool atOnce)
    {
        if (settledThrough > doneThrough)
        {
            grownAt = now;
        }

        var isQuiet = settledThrough == doneThrough && now - grownAt > Afterwards;
        return doneAt is not { } last || atOnce || (!isQuiet && now - last >= every);
    }

    /// <summary>Swept and signed.</summary>
    public void Done(long settledThrough, Instant now) => (doneThrough, doneAt) = (settledThrough, now);
}
