using Npgsql;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>Faults that say that the database is away for a moment, and nothing about what was asked.</summary>
public static class Outages
{
    /// <summary>Whether it is such a fault; the same may succeed when it is tried again.</summary>
    public static bool IsAway(Exception fault) =>
        fault is NpgsqlException { IsTransient: true } || (fault.InnerException is { } inner && IsAway(inner));
}
