using System.Diagnostics;

namespace CreditBank.Benchmarks;

/// <summary>Clients that work at once.</summary>
internal static class AtOnce
{
    /// <summary>How many clients a service meets.</summary>
    public const int Clients = 16;

    /// <summary>Does something with each number from 0 (inclusive) to a count (exclusive).</summary>
    /// <returns>How many seconds that took.</returns>
    public static async Task<decimal> Run(int count, Func<int, Task> work)
    {
        var next = -1;
        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(async _ =>
                {
                    for (
                        var number = Interlocked.Increment(ref next);
                        number < count;
                        number = Interlocked.Increment(ref next)
                    )
                    {
                        await work(number);
                    }
                })
        );
        return (decimal)Stopwatch.GetElapsedTime(since).TotalSeconds;
    }
}
