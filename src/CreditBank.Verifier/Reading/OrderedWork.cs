using System.Runtime.ExceptionServices;

namespace CreditBank.Verifier;

/// <summary>
/// Work on a series in two steps, the first on all processors at once, the second in the order of the series. There is
/// no thread for the second: whoever ends the first step of the item whose turn it is goes on with it and with those
/// that wait behind it, so that no processor waits for another while there is work.
/// </summary>
/// <param name="series">What is worked on; read by one thread at a time.</param>
/// <param name="first">The first step.</param>
/// <param name="second">The second step: the item and what the first one made of it.</param>
internal sealed class OrderedWork<TItem, TMade>(
    IEnumerable<TItem> series,
    Func<TItem, TMade> first,
    Action<TItem, TMade> second
)
{
    // Where the second step is the slower one, more would only fill memory.
    private const int AheadMaxEach = 4;

    private readonly object turns = new();
    private readonly Dictionary<long, (TItem Item, TMade Made)> waiting = [];
    private readonly int workers = Environment.ProcessorCount;
    private long turn;
    private bool isTaking;
    private ExceptionDispatchInfo? failure;

    /// <summary>Works until the series ends or a step fails; a failure comes out of here.</summary>
    public void Run()
    {
        using var items = series.Select((item, number) => (item, (long)number)).GetEnumerator();
        var others = Enumerable.Range(1, workers - 1).Select(_ => new Thread(() => Work(items))).ToList();
        others.ForEach(other => other.Start());
        Work(items);
        others.ForEach(other => other.Join());
        failure?.Throw();
    }

    private void Work(IEnumerator<(TItem Item, long Number)> items)
    {
        try
        {
            while (Next(items) is { } next && HandOver(next.Number, next.Item, first(next.Item)))
            {
                TakeThoseReady();
            }
        }
        catch (Exception failed)
        {
            lock (turns)
            {
                failure ??= ExceptionDispatchInfo.Capture(failed);
                Monitor.PulseAll(turns);
            }
        }
    }

    private static (TItem Item, long Number)? Next(IEnumerator<(TItem Item, long Number)> items)
    {
        lock (items)
        {
            return items.MoveNext() ? items.Current : null;
        }
    }

    /// <summary>Lets an item wait for its turn, as soon as it is not too far ahead.</summary>
    /// <returns>Whether there is a point in going on.</returns>
    private bool HandOver(long number, TItem item, TMade made)
    {
        lock (turns)
        {
            while (failure is null && number - turn > AheadMaxEach * workers)
            {
                Monitor.Wait(turns);
            }

            waiting.Add(number, (item, made));
            return failure is null;
        }
    }

    private void TakeThoseReady()
    {
        while (true)
        {
            (TItem Item, TMade Made) ready;
            lock (turns)
            {
                if (isTaking || !waiting.Remove(turn, out ready))
                {
                    return;
                }

                isTaking = true;
            }

            second(ready.Item, ready.Made);
            lock (turns)
            {
                isTaking = false;
                turn++;
                Monitor.PulseAll(turns);
            }
        }
    }
}
