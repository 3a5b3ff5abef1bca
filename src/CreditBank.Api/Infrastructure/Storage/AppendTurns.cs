using Marten;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>A commit that waits for its turn.</summary>
/// <param name="Streams">The streams that it appends to.</param>
/// <param name="IsPlain">
/// Whether it is right whatever else is appended to the streams before it, so that it can share a commit with others
/// of its kind.
/// </param>
/// <param name="Events">About how many events it appends.</param>
/// <param name="Write">
/// Puts everything into a session, actors of events included; more than once when a shared commit is lost.
/// </param>
public sealed record WaitingCommit(
    IReadOnlyCollection<string> Streams,
    bool IsPlain,
    int Events,
    Action<IDocumentSession> Write
);

/// <summary>
/// Lets commits of this process that append to one stream, without knowing its version, go one after the other. The
/// store numbers a stream's events by what it sees: of two at once one fails and is decided anew, and of many writers
/// on one account most of them, again and again. Commits of other processes still meet that way, which is safe.
/// </summary>
/// <remarks>
/// Plain commits that wait for the same stream while another is under way are then made as one: the stream's turn and
/// the disk are waited for once. When that one is lost, each is tried by itself and fares as if it had been alone.
/// </remarks>
public sealed class AppendTurns(LedgerBooks books) : IDisposable
{
    /// <summary>A commit to more streams than this does not wait: it would hold up too many others.</summary>
    public const int StreamsMax = 16;

    /// <summary>Commits are put together up to this many events.</summary>
    public const int EventsTogetherMax = 256;

    // A power of two.
    private const int LanesTotal = 1024;

    private readonly Lane[] lanes = [.. Enumerable.Range(0, LanesTotal).Select(_ => new Lane())];

    /// <summary>Commits when it is its turn on all of the streams.</summary>
    /// <exception cref="Exception">What the store throws; nothing was written then.</exception>
    public async Task Commit(WaitingCommit commit)
    {
        Lane[] wanted = commit.Streams.Count > StreamsMax ? [] : LanesOf(commit.Streams);
        if (commit.IsPlain && wanted is [var lane])
        {
            await Share(lane, commit);
            return;
        }

        var held = 0;
        try
        {
            for (; held < wanted.Length; held++)
            {
                await wanted[held].Turn.WaitAsync();
            }

            await CommitNow([commit]);
        }
        finally
        {
            foreach (var entered in wanted[..held])
            {
                entered.Turn.Release();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in lanes)
        {
            lane.Turn.Dispose();
        }
    }

    /// <summary>Waits in the lane; who finds nobody at work there works for all who come meanwhile.</summary>
    private Task Share(Lane lane, WaitingCommit commit)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (lane.Waiting)
        {
            lane.Waiting.Enqueue((commit, ended));
            if (!lane.IsServed)
            {
                lane.IsServed = true;
                _ = Task.Run(() => Serve(lane));
            }
        }

        return ended.Task;
    }

    private async Task Serve(Lane lane)
    {
        while (true)
        {
            await lane.Turn.WaitAsync();
            try
            {
                var together = TakeTogether(lane);
                if (together.Count == 0)
                {
                    return;
                }

                await CommitTogether(together);
            }
            finally
            {
                lane.Turn.Release();
            }
        }
    }

    private static List<(WaitingCommit Commit, TaskCompletionSource Ended)> TakeTogether(Lane lane)
    {
        List<(WaitingCommit Commit, TaskCompletionSource Ended)> together = [];
        lock (lane.Waiting)
        {
            var events = 0;
            while (
                lane.Waiting.TryPeek(out var next)
                && (together.Count == 0 || events + next.Commit.Events <= EventsTogetherMax)
            )
            {
                together.Add(lane.Waiting.Dequeue());
                events += next.Commit.Events;
            }

            lane.IsServed = together.Count > 0;
        }

        return together;
    }

    /// <summary>Commits what waited, and tells each how it went. Throws nothing.</summary>
    private async Task CommitTogether(List<(WaitingCommit Commit, TaskCompletionSource Ended)> together)
    {
        try
        {
            await CommitNow(together.Select(waiting => waiting.Commit));
        }
        catch (Exception fault) when (together.Count > 1 && Races.IsLost(fault))
        {
            // One of them lost, and nobody knows which.
            foreach (var alone in together)
            {
                await CommitTogether([alone]);
            }

            return;
        }
        catch (Exception fault)
        {
            together.ForEach(waiting => waiting.Ended.SetException(fault));
            return;
        }

        together.ForEach(waiting => waiting.Ended.SetResult());
    }

    private async Task CommitNow(IEnumerable<WaitingCommit> commits)
    {
        await using var session = books.Store.LightweightSession(LedgerBooks.Registry);
        foreach (var commit in commits)
        {
            commit.Write(session);
        }

        await session.SaveChangesAsync();
    }

    /// <summary>In order, so that two that want the same lanes do not wait for each other.</summary>
    private Lane[] LanesOf(IEnumerable<string> streams) =>
        [.. streams.Select(LaneOf).Distinct().Order().Select(number => lanes[number])];

    private static int LaneOf(string stream) => string.GetHashCode(stream, StringComparison.Ordinal) & (LanesTotal - 1);

    private sealed class Lane
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public Queue<(WaitingCommit Commit, TaskCompletionSource Ended)> Waiting { get; } = [];

        public bool IsServed { get; set; }
    }
}
