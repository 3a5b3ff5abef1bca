using System.Security.Cryptography;
using System.Text;
using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Merges;
using JasperFx;
using Npgsql;
using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;
using Wolverine.Persistence.Durability;

namespace CreditBank.Api.Infrastructure.Schema;

/// <summary>
/// Brings the schema up to date with the owner's rights, or refuses to work on one that this program does not know.
/// The service itself creates and alters nothing.
/// </summary>
public sealed class LedgerSchema(
    IServiceProvider services,
    LedgerBooks books,
    BookSettings settings,
    DatabaseAccess access,
    ILogger<LedgerSchema> log
)
{
    private const string UpgradeLock = "select pg_advisory_lock(hashtext('creditbank.schema'))";

    private const string ServiceRoleSql = $"""
        select current_user::text, coalesce(
            (select pg_has_role(current_user, nspowner, 'USAGE') from pg_namespace
             where nspname = '{Composition.Storage.Schema}'), true),
            pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
        """;

    /// <summary>Makes the schema ready, or says why it cannot be.</summary>
    /// <returns>Whether anything was created or altered.</returns>
    /// <exception cref="StartRefusedException">
    /// The schema is a newer program's, or not this one's and there is no owner's connection to alter it with.
    /// </exception>
    public async Task<bool> PrepareAsync(CancellationToken cancellation)
    {
        var mine = new SchemaMark(SchemaMark.CurrentVersion, Fingerprint());
        await using var service = new NpgsqlConnection(Unpooled(access.Service));
        await service.OpenAsync(cancellation);
        var (role, hasOwnersRights, seesSessions) = await RoleAsync(service, cancellation);
        if (!hasOwnersRights && access.Owner is null)
        {
            RequireKnown(await ReadMarkAsync(service, cancellation), mine);
            WarnBlind(role, seesSessions);
            return false;
        }

        if (access.Owner is null)
        {
            log.LogWarning(
                "{Role} is both the service's role and the schema's owner: it can drop the guards of history. Give the "
                    + "service a role of its own and the owner's connection in ConnectionStrings__CreditBankOwner.",
                role
            );
        }

        var changed = await ApplyAsync(access.Owner ?? access.Service, role, mine, cancellation);
        WarnBlind(role, (await RoleAsync(service, cancellation)).SeesSessions);
        return changed;
    }

    private async Task<bool> ApplyAsync(string owner, string role, SchemaMark mine, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(Unpooled(owner));
        await connection.OpenAsync(cancellation);
        await ExecuteAsync(connection, UpgradeLock, cancellation);
        var found = await SchemaMark.ReadAsync(connection, cancellation);
        RequireNotNewer(found, mine);
        if (found != mine)
        {
            log.LogInformation("Bringing the schema up to version {Version}.", mine.Version);
            await UpgradeAsync(owner, cancellation);
            await UpgradeMessagesAsync(connection, cancellation);
            await mine.WriteAsync(connection, cancellation);
        }

        await HistoryGuard.InstallAsync(connection, cancellation);
        await MergeGuard.InstallAsync(connection, cancellation);
        await PersonGuard.InstallAsync(connection, cancellation);
        if (await RoleOf(connection, cancellation) != role)
        {
            await ServiceGrants.GrantAsync(connection, role, cancellation);
        }

        return found != mine;
    }

    /// <summary>Tables and functions of events and documents, and each book's partitions.</summary>
    private async Task UpgradeAsync(string owner, CancellationToken cancellation)
    {
        await using var store = Composition.Storage.OwnersStore(services, owner);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Advanced.AddMartenManagedTenantsAsync(cancellation, LedgerBooks.Registry);
        await using var session = store.LightweightSession(LedgerBooks.Registry);
        var remembered = await session.LoadAsync<BookPlan>(BookPlan.Key, cancellation);
        var plan = remembered ?? BookPlan.Deal(settings.Books ?? BookSettings.DefaultBooks);
        await store.Advanced.AddMartenManagedTenantsAsync(cancellation, [.. plan.Books]);
        if (remembered is null)
        {
            session.Insert(plan);
            await session.SaveChangesAsync(cancellation);
        }
    }

    private async Task UpgradeMessagesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var objects = Messages.AllObjects().ToArray();
        var migration = await SchemaMigration.DetermineAsync(connection, cancellation, objects);
        if (migration.Difference != SchemaPatchDifference.None)
        {
            await new PostgresqlMigrator().ApplyAllAsync(
                connection,
                migration,
                AutoCreate.CreateOrUpdate,
                new MigrationLog(log),
                ct: cancellation
            );
        }
    }

    private IDatabase Messages => (IDatabase)services.GetRequiredService<IMessageStore>();

    /// <summary>The order in which the parts are written does not count.</summary>
    private string Fingerprint()
    {
        string[] texts =
        [
            books.Store.Storage.ToDatabaseScript(),
            Messages.ToDatabaseScript(),
            HistoryGuard.Sql,
            MergeGuard.Sql,
            PersonGuard.Sql,
            ServiceGrants.Sql,
        ];
        var lines = texts
            .SelectMany(text => text.Split('\n'))
            .Select(line => line.Trim())
            .Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    private static void RequireKnown(SchemaMark? found, SchemaMark mine)
    {
        RequireNotNewer(found, mine);
        if (found != mine)
        {
            var what = found is null ? "there is none" : $"it is of version {found.Version}";
            throw new StartRefusedException(
                $"The database's schema is not the one of this program ({what}). Run db-apply with "
                    + "ConnectionStrings__CreditBankOwner set to the schema owner's connection, then start again."
            );
        }
    }

    private static void RequireNotNewer(SchemaMark? found, SchemaMark mine)
    {
        if (found?.Version > mine.Version)
        {
            throw new StartRefusedException(
                $"The database has schema version {found.Version} of a newer CreditBank; this program knows version "
                    + $"{mine.Version}. Start the newer program, or restore the backup from before the upgrade."
            );
        }
    }

    /// <summary>A role without any rights here cannot read the mark; it has not been granted anything yet.</summary>
    private static async Task<SchemaMark?> ReadMarkAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            return await SchemaMark.ReadAsync(connection, cancellation);
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    private static async Task<(string Role, bool HasOwnersRights, bool SeesSessions)> RoleAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(ServiceRoleSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2));
    }

    private static async Task<string> RoleOf(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await RoleAsync(connection, cancellation)).Role;

    private void WarnBlind(string role, bool seesSessions)
    {
        if (!seesSessions)
        {
            log.LogWarning(
                "{Role} cannot see when other roles' transactions began. While no other role writes events that is "
                    + "no harm; to be sure: grant pg_read_all_stats to {SameRole}.",
                role,
                role
            );
        }
    }

    /// <summary>At start only: nothing of it stays behind in a pool.</summary>
    private static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
