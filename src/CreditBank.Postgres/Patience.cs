using System.Diagnostics;

namespace CreditBank.Postgres;

/// <summary>Tells a person that a long step still goes on.</summary>
internal static class Patience
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Calls every five seconds with the seconds so far, until the work ends; errors stay with it.</summary>
    public static async Task ShowAsync(Task work, Action<int> tell)
    {
        var watch = Stopwatch.StartNew();
        while (await Task.WhenAny(work, Task.Delay(Interval)) != work)
            tell((int)watch.Elapsed.TotalSeconds);
    }
}
