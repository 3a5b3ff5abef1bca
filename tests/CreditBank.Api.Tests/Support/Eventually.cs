namespace CreditBank.Api.Tests.Support;

/// <summary>Waits for what other threads bring about: looks until it is so, and fails when it never is.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The first value that is there.</summary>
    public static async Task<T> Get<T>(Func<Task<T?>> look)
        where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        do
        {
            if (await look() is { } found)
            {
                return found;
            }
        } while (await pace.WaitForNextTickAsync(limit.Token));

        throw new InvalidOperationException("The timer ended.");
    }
}
