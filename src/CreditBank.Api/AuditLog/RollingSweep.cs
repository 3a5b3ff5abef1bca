using NodaTime;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Which sequences of a book are compared before a checkpoint: what is new since the last one, and a slice of what was
/// sealed in the last minutes, where an event that comes late would come. The slice is a share of what is new, so that
/// sweeping costs the same for each event under any load.
/// </summary>
internal sealed class RollingSweep
{
    private const long AgainMin = 1_000;
    private const int AgainShare = 4;

    private static readonly Duration Window = Duration.FromMinutes(10);

    private readonly Queue<(Instant At, long Through)> marks = new();
    private long windowFrom = -1;
    private long sweptThrough = -1;
    private long again;

    /// <summary>The ranges to compare: behind the first number, through the second, inclusive.</summary>
    public IReadOnlyList<(long After, long Through)> Next(long settledThrough, Instant now)
    {
        if (sweptThrough < 0)
        {
            sweptThrough = Math.Max(0, settledThrough - CompletenessSweep.Slice);
            windowFrom = sweptThrough;
            again = sweptThrough;
        }

        while (marks.TryPeek(out var mark) && now - mark.At > Window)
        {
            windowFrom = marks.Dequeue().Through;
        }

        marks.Enqueue((now, settledThrough));
        var ranges = new List<(long, long)>();
        for (var from = sweptThrough; from < settledThrough; from += CompletenessSweep.Slice)
        {
            ranges.Add((from, Math.Min(from + CompletenessSweep.Slice, settledThrough)));
        }

        again = again < windowFrom || again >= sweptThrough ? windowFrom : again;
        if (again < sweptThrough)
        {
            var share = Math.Clamp((settledThrough - sweptThrough) / AgainShare, AgainMin, CompletenessSweep.Slice);
            var through = Math.Min(again + share, sweptThrough);
            ranges.Add((again, through));
            again = through;
        }

        sweptThrough = settledThrough;
        return ranges;
    }
}
