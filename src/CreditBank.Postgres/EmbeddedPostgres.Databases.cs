using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace CreditBank.Postgres;

public sealed partial class EmbeddedPostgres
{
    /// <summary>Makes a database where it is missing; an existing one is left as it is.</summary>
    /// <param name="name">Any name that PostgreSQL takes, at most 63 bytes.</param>
    /// <param name="ct">Gives up.</param>
    public async Task EnsureDatabaseAsync(string name, CancellationToken ct = default)
    {
        await using var connection = await OpenAsync(ct);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        exists.Parameters.Add(new NpgsqlParameter { Value = name });
        if (await exists.ExecuteScalarAsync(ct) is not null)
            return;
        try
        {
            await ExecuteAsync(connection, $"create database {Quoted(name)}", ct);
        }
        catch (PostgresException race)
            when (race.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another caller made it between the question and the statement: that is what was asked for.
        }
    }

    /// <summary>Removes a database and ends the connections to it; a missing one is no error.</summary>
    public async Task DropDatabaseAsync(string name, CancellationToken ct = default)
    {
        await using var connection = await OpenAsync(ct);
        await ExecuteAsync(connection, $"drop database if exists {Quoted(name)} with (force)", ct);
    }

    /// <summary>
    /// Makes a role that may log in and nothing else, where it is missing, with a password of its own that is kept
    /// beside the owner's. What the role may do is for the schema's owner to grant.
    /// </summary>
    /// <param name="role">Lower-case ASCII letters, digits and underscores: it is part of a file's name too.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ArgumentException">The name holds something else.</exception>
    public async Task EnsureRoleAsync(string role, CancellationToken ct = default)
    {
        if (role.Length == 0 || !role.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            throw new ArgumentException($"Not a name for a role: {role}", nameof(role));
        var verifier = ScramVerifier(folder.PasswordOf(role));
        await using var connection = await OpenAsync(ct);
        await using var exists = new NpgsqlCommand("select 1 from pg_roles where rolname = $1", connection);
        exists.Parameters.Add(new NpgsqlParameter { Value = role });
        var verb = await exists.ExecuteScalarAsync(ct) is null ? "create" : "alter";
        try
        {
            await ExecuteAsync(connection, $"{verb} role {Quoted(role)} login password '{verifier}'", ct);
        }
        catch (PostgresException race)
            when (race.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            // Another caller made it between the question and the statement, with the same kept password.
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        var settings = Connection("postgres");
        settings.Pooling = false;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>
    /// What PostgreSQL stores of a password (RFC 5802, as SCRAM-SHA-256 of RFC 7677): made here, so that the password
    /// itself stands in no statement.
    /// </summary>
    internal static string ScramVerifier(string password)
    {
        const int Iterations = 4096;
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Client Key"));
        var serverKey = HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Server Key"));
        var storedKey = SHA256.HashData(clientKey);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
