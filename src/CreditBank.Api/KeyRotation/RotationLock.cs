using Npgsql;

namespace CreditBank.Api.KeyRotation;

/// <summary>
/// Advisory locks of the database by which services and rotations keep out of each other's way. They last as long as
/// their connection: whoever is killed holds none.
/// </summary>
public sealed class RotationLock : IAsyncDisposable
{
    private const string Serving = "select pg_try_advisory_lock_shared(hashtext('creditbank.keys.serving'))";
    private const string Unserved = "select pg_try_advisory_lock(hashtext('creditbank.keys.serving'))";
    private const string Rotating = "select pg_try_advisory_lock(hashtext('creditbank.keys.rotating'))";

    private readonly NpgsqlConnection connection;

    private RotationLock(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Says that a service runs; several may.</summary>
    /// <returns>None while the data keys are being rotated.</returns>
    public static Task<RotationLock?> TryServeAsync(string connectionString, CancellationToken cancellation) =>
        TryAsync(connectionString, [Serving], cancellation);

    /// <summary>Says that the master key is being rotated; services may run.</summary>
    /// <returns>None while another rotation runs.</returns>
    public static Task<RotationLock?> TryRotateAsync(string connectionString, CancellationToken cancellation) =>
        TryAsync(connectionString, [Rotating], cancellation);

    /// <summary>Says that the data keys are being rotated; nobody else may use the vault.</summary>
    /// <returns>None while a service or another rotation runs.</returns>
    public static Task<RotationLock?> TryRotateAloneAsync(string connectionString, CancellationToken cancellation) =>
        TryAsync(connectionString, [Rotating, Unserved], cancellation);

    /// <summary>Asks the database for a sign of life.</summary>
    /// <exception cref="NpgsqlException">The connection is lost, and the lock with it.</exception>
    public async Task RequireHeldAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select 1", connection);
        await command.ExecuteScalarAsync(cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static async Task<RotationLock?> TryAsync(
        string connectionString,
        string[] locks,
        CancellationToken cancellation
    )
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        var connection = new NpgsqlConnection(unpooled.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            foreach (var sql in locks)
            {
                await using var command = new NpgsqlCommand(sql, connection);
                if (await command.ExecuteScalarAsync(cancellation) is not true)
                {
                    await connection.DisposeAsync();
                    return null;
                }
            }

            return new RotationLock(connection);
        }
        catch (NpgsqlException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
