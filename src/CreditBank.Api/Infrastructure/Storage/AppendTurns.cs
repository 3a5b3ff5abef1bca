namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Lets commits of this process that append to one stream, without knowing its version, go one after the other. The
/// store numbers a stream's events by what it sees: of two at once one fails and is decided anew, and of many writers
/// on one account most of them, again and again. Commits of other processes still meet that way, which is safe.
/// </summary>
public sealed class AppendTurns : IDisposable
{
    /// <summary>A commit to more streams than this does not wait: it would hold up too many others.</summary>
    public const int StreamsMax = 16;

    // A power of two.
    private const int Lanes = 1024;

    private readonly SemaphoreSlim[] lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Does the work when it is its turn on all of the streams.</summary>
    public async Task Run(IReadOnlyCollection<string> streams, Func<Task> work, CancellationToken cancellation)
    {
        // In order, so that two that want the same lanes do not wait for each other.
        int[] wanted = streams.Count > StreamsMax ? [] : [.. streams.Select(LaneOf).Distinct().Order()];
        var held = 0;
        try
        {
            for (; held < wanted.Length; held++)
            {
                await lanes[wanted[held]].WaitAsync(cancellation);
            }

            await work();
        }
        finally
        {
            foreach (var lane in wanted[..held])
            {
                lanes[lane].Release();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in lanes)
        {
            lane.Dispose();
        }
    }

    private static int LaneOf(string stream) => string.GetHashCode(stream, StringComparison.Ordinal) & (Lanes - 1);
}
