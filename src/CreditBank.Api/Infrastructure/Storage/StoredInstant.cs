using NodaTime;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>Instants as PostgreSQL keeps them: whole microseconds since 1970, UTC.</summary>
internal static class StoredInstant
{
    private const int TicksPerMicrosecond = 10;

    /// <summary>The instant of so many microseconds since 1970.</summary>
    public static Instant FromMicroseconds(long microseconds) =>
        Instant.FromUnixTimeTicks(microseconds * TicksPerMicrosecond);

    /// <summary>Whole microseconds since 1970; what lies between two belongs to the earlier one.</summary>
    public static long ToMicroseconds(Instant instant)
    {
        var (whole, rest) = Math.DivRem(instant.ToUnixTimeTicks(), TicksPerMicrosecond);
        return rest < 0 ? whole - 1 : whole;
    }
}
