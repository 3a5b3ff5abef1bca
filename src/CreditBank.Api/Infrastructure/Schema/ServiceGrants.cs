using Npgsql;

namespace CreditBank.Api.Infrastructure.Schema;

/// <summary>
/// What the service's role may do: everything that serving needs, and nothing that changes what was recorded. Events
/// and leaves are read and added; of a stream only its version moves on.
/// </summary>
public static class ServiceGrants
{
    private const string Ledger = Composition.Storage.Schema;
    private const string Messages = Composition.Storage.MessageSchema;
    private const string Partitions = Composition.Storage.PartitionSchema;

    /// <summary>
    /// The statements, for a role named in the setting <c>creditbank.service_role</c>. A partition may be read by its
    /// own name; everything else goes through its table.
    /// </summary>
    public const string Sql = $$"""
        do $grants$
        declare
            service text := quote_ident(current_setting('creditbank.service_role'));
            relation record;
            rights text;
        begin
            execute format('grant usage on schema {{Ledger}}, {{Messages}}, {{Partitions}} to %s', service);
            for relation in
                select n.nspname, c.relname, c.relkind
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where n.nspname in ('{{Ledger}}', '{{Messages}}', '{{Partitions}}')
                  and c.relkind in ('r', 'p', 'S') and not c.relispartition
            loop
                rights := case
                    when relation.relkind = 'S' then 'select, usage'
                    when relation.nspname = '{{Messages}}' then 'select, insert, update, delete, truncate'
                    when relation.nspname = '{{Partitions}}' then 'select'
                    when relation.relname = 'schema_mark' then 'select'
                    when relation.relname in ('mt_events', 'mt_doc_bookplan', 'audit_run', 'audit_top_entry')
                        then 'select, insert'
                    when relation.relname = 'mt_doc_keyring' then 'select, insert, update'
                    when relation.relname = 'mt_streams' then 'select, insert, update (version, "timestamp")'
                    else 'select, insert, update, delete'
                end;
                execute format('revoke all on %s %I.%I from %s',
                    case relation.relkind when 'S' then 'sequence' else 'table' end,
                    relation.nspname, relation.relname, service);
                execute format('grant %s on %s %I.%I to %s',
                    rights, case relation.relkind when 'S' then 'sequence' else 'table' end,
                    relation.nspname, relation.relname, service);
            end loop;
            for relation in
                select n.nspname, c.relname
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = '{{Ledger}}' and c.relkind = 'r' and c.relispartition
                  and (not has_table_privilege(current_setting('creditbank.service_role'), c.oid, 'select')
                       or has_table_privilege(
                           current_setting('creditbank.service_role'), c.oid, 'insert, update, delete, truncate'))
            loop
                execute format('revoke all on %I.%I from %s', relation.nspname, relation.relname, service);
                execute format('grant select on %I.%I to %s', relation.nspname, relation.relname, service);
            end loop;
            -- Up to when the past is settled is read from other sessions' begins.
            if not pg_has_role(current_setting('creditbank.service_role'), 'pg_read_all_stats', 'USAGE')
               and (select rolsuper from pg_roles where rolname = current_user) then
                execute format('grant pg_read_all_stats to %s', service);
            end if;
        end $grants$;
        """;

    /// <summary>Grants a role what it needs and takes back everything else, in one transaction.</summary>
    /// <param name="connection">The owner's connection.</param>
    /// <param name="role">The service's role; it exists already.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task GrantAsync(NpgsqlConnection connection, string role, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand("select set_config('creditbank.service_role', $1, true)")
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = role } },
            }
        );
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql));
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
