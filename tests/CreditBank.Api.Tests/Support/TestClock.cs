using NodaTime;

namespace CreditBank.Api.Tests.Support;

/// <summary>A clock that runs with the machine's and can be put forward.</summary>
public sealed class TestClock : IClock
{
    private Duration ahead = Duration.Zero;

    /// <summary>Puts it forward.</summary>
    public void Advance(int days) => ahead += Duration.FromDays(days);

    /// <inheritdoc/>
    public Instant GetCurrentInstant() => SystemClock.Instance.GetCurrentInstant() + ahead;
}
