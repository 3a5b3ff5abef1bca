using System.Collections.Concurrent;

namespace CreditBank.Api.Tests.Campaigns;

/// <summary>
/// What the client knows, outside of the service: which writes were acknowledged, and which were sent and never
/// answered. An acknowledged one must be there once; one in doubt may be there, whole, at most once.
/// </summary>
internal sealed class WriteJournal
{
    private readonly ConcurrentDictionary<string, Write> writes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> surprises = new();
    private int sent;
    private int acknowledged;
    private int repeated;
    private TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int goal = int.MaxValue;

    public IReadOnlyCollection<Write> Writes => (IReadOnlyCollection<Write>)writes.Values;

    /// <summary>Answers that no write may get.</summary>
    public IReadOnlyCollection<string> Surprises => surprises;

    public int Sent => sent;

    public int Acknowledged => acknowledged;

    /// <summary>How often a write was sent again because the answer had not come.</summary>
    public int Repeated => repeated;

    /// <summary>Notes that a write goes out now.</summary>
    public void Sending(Write write)
    {
        if (!writes.TryAdd(write.Id, write))
        {
            Interlocked.Increment(ref repeated);
        }

        if (Interlocked.Increment(ref sent) >= Volatile.Read(ref goal))
        {
            reached.TrySetResult();
        }
    }

    /// <summary>Notes that the service said it is done.</summary>
    public void Answered(Write write)
    {
        write.IsAcknowledged = true;
        Interlocked.Increment(ref acknowledged);
    }

    public void Surprise(string words) => surprises.Enqueue(words);

    /// <summary>Waits until so many more writes were sent.</summary>
    public Task AfterMore(int count)
    {
        reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref goal, Volatile.Read(ref sent) + count);
        return reached.Task.WaitAsync(TimeSpan.FromMinutes(3));
    }
}

/// <summary>One write, and what of it must be found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The client's own name of it.</param>
/// <param name="Keys">What the ledger must hold once for each of these, when it was acknowledged.</param>
/// <param name="IsWhole">Whether all of it or none is there; otherwise each key by itself.</param>
internal sealed record Write(string Kind, string Id, IReadOnlyList<string> Keys, bool IsWhole)
{
    public bool IsAcknowledged { get; set; }
}
