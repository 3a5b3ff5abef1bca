namespace CreditBank.Postgres;

/// <summary>What the embedded PostgreSQL does just now.</summary>
public enum PostgresState
{
    /// <summary>It accepts connections.</summary>
    Ready,

    /// <summary>It ended by itself and is being started again.</summary>
    Recovering,

    /// <summary>It is shutting down because the service asked for it.</summary>
    Stopping,

    /// <summary>It has ended because the service asked for it.</summary>
    Stopped,
}

/// <summary>The state for a health check.</summary>
/// <param name="State">What it does now.</param>
/// <param name="Restarts">How often it ended by itself since <see cref="EmbeddedPostgres.StartAsync"/>.</param>
/// <param name="LastFailure">Why the last attempt to start again failed; none after a success.</param>
public sealed record PostgresHealth(PostgresState State, int Restarts, string? LastFailure);
