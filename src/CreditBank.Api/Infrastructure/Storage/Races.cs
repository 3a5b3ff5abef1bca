using JasperFx;
using JasperFx.Events;
using Marten.Exceptions;
using Npgsql;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Commits that lost against another writer. Nothing of them was written; reading again and deciding anew is safe.
/// </summary>
public static class Races
{
    /// <summary>How often a lost commit is decided anew before the caller is told.</summary>
    public const int AttemptsMax = 12;

    /// <summary>Whether the commit failed because another writer was first.</summary>
    public static bool IsLost(Exception fault) =>
        fault switch
        {
            ConcurrencyException or DocumentAlreadyExistsException or ConcurrentUpdateException => true,
            Marten.Exceptions.ExistingStreamIdCollisionException or EventStreamUnexpectedMaxEventIdException => true,
            AggregateException several => several.InnerExceptions.All(IsLost),
            PostgresException
            {
                SqlState: PostgresErrorCodes.UniqueViolation
                    or PostgresErrorCodes.DeadlockDetected
                    or PostgresErrorCodes.SerializationFailure
            } => true,
            MartenCommandException { InnerException: PostgresException inner } => IsLost(inner),
            _ => false,
        };

    /// <summary>Does the work, which reads, decides and commits, until it does not lose.</summary>
    public static async Task<T> Retry<T>(Func<Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (Exception fault) when (attempt < AttemptsMax && IsLost(fault))
            {
                // Lost: the next round reads what the other writer wrote.
            }
        }
    }
}
