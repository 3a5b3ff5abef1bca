using NodaTime;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>Instants as PostgreSQL keeps them: whole microseconds since 1970, UTC.</summary>
internal static class StoredInstant
{
    private const int TicksPerMicrosecond = 10;

    /// <summary>The instant of so many microseconds since 1970.</summary>
    public static Instant FromMicroseconds(long microseconds) =>
        Instant.FromUnixTimeTicks(microseconds * TicksPerMicrosecond);
}
