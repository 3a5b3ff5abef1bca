using Npgsql;

namespace CreditBank.Api.Infrastructure.Schema;

/// <summary>What the database remembers of its schema: who brought it up to date last.</summary>
/// <param name="Version">The number a release gives its schema; a higher one is of a newer release.</param>
/// <param name="Fingerprint">SHA-256 of everything the schema was made from, 64 lower-case hexadecimal digits.</param>
public sealed record SchemaMark(int Version, string Fingerprint)
{
    /// <summary>
    /// The schema of this program. Raised by a release whose schema an older program must not work on; what an older
    /// program can go on with changes the fingerprint only.
    /// </summary>
    public const int CurrentVersion = 2;

    /// <summary>The table of the one mark.</summary>
    public const string Table = $"{Composition.Storage.Schema}.schema_mark";

    /// <summary>The mark; none in a database that has no ledger, or one from before marks.</summary>
    /// <exception cref="PostgresException">The role may not read it.</exception>
    public static async Task<SchemaMark?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("select to_regclass($1) is not null", connection);
        exists.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Table });
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return null;
        }

        await using var read = new NpgsqlCommand($"select version, fingerprint from {Table}", connection);
        await using var reader = await read.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new SchemaMark(reader.GetInt32(0), reader.GetString(1)) : null;
    }

    /// <summary>Writes the mark in the place of the one before.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $$"""
            create table if not exists {{Table}} (
                only_row boolean primary key default true check (only_row),
                version integer not null,
                fingerprint text not null,
                applied_at timestamptz not null
            );
            insert into {{Table}} (version, fingerprint, applied_at)
            values ({{Version}}, '{{Fingerprint}}', now())
            on conflict (only_row) do update
            set version = excluded.version, fingerprint = excluded.fingerprint, applied_at = excluded.applied_at;
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
