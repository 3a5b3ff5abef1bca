using System.Diagnostics;

namespace CreditBank.Verifier;

/// <summary>Tells a person how far it is, when it takes longer than two seconds: count, rate and time left.</summary>
internal sealed class Progress(TextWriter? output, long total)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private TimeSpan next = First;

    /// <summary>How many events are done.</summary>
    public long Count { get; private set; }

    /// <summary>How long it has taken.</summary>
    public TimeSpan Elapsed => watch.Elapsed;

    /// <summary>So many more are done.</summary>
    public void Add(long count)
    {
        Count += count;
        if (output is null || watch.Elapsed < next)
        {
            return;
        }

        next = watch.Elapsed + Every;
        var rate = Count * 1000 / Math.Max(1, watch.ElapsedMilliseconds);
        var left = Math.Max(0, total - Count) / Math.Max(1, rate);
        output.WriteLine($"{Count:n0} of {total:n0} events, {rate:n0}/s, {left:n0} s left");
    }
}
