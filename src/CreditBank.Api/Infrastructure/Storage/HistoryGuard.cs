using Npgsql;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Triggers in the database that refuse to change or remove what was recorded, whoever asks: plain SQL, this service,
/// or the event store's own maintenance. Whoever owns the schema can still drop them; the
/// service's role cannot, and has no right to rewrite anything in the first place
/// (see <see cref="Schema.ServiceGrants"/>).
/// One more keeps out the markers that the store writes, without an instant, for events of a commit that failed:
/// nothing happened, and nothing is recorded.
/// </summary>
public static class HistoryGuard
{
    /// <summary>The SQLSTATE of a refusal.</summary>
    public const string Refused = "CB001";

    private const string Guarded = Composition.Storage.Schema;

    /// <summary>The statements; they may be run again and again.</summary>
    // A row trigger on a partitioned table holds in every partition, one on truncation only in the table it names.
    public const string Sql = $$"""
        create or replace function {{Guarded}}.refuse_rewriting() returns trigger language plpgsql as $guard$
        begin
            raise exception '% on %: what is recorded is never changed or removed', tg_op, tg_table_name
                using errcode = '{{Refused}}';
        end $guard$;

        create or replace function {{Guarded}}.leave_gap() returns trigger language plpgsql as $gap$
        begin
            return null;
        end $gap$;

        do $guard$
        declare
            guarded record;
        begin
            for guarded in
                select c.oid, c.relname, c.relname = any (array['mt_events', 'mt_streams']) as is_whole
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = '{{Guarded}}' and c.relkind in ('r', 'p')
                  and (c.relname = any (array['mt_events', 'mt_streams'])
                       or exists (select from pg_inherits i join pg_class p on p.oid = i.inhparent
                                  where i.inhrelid = c.oid and p.relname = any (array['mt_events', 'mt_streams'])))
            loop
                if not exists (select from pg_trigger where tgrelid = guarded.oid and tgname = 'keep_all') then
                    execute format(
                        'create trigger keep_all before truncate on {{Guarded}}.%I '
                        'for each statement execute function {{Guarded}}.refuse_rewriting()', guarded.relname);
                end if;
                if guarded.is_whole
                   and not exists (select from pg_trigger where tgrelid = guarded.oid and tgname = 'keep_each') then
                    execute format(
                        'create trigger keep_each before %s on {{Guarded}}.%I '
                        'for each row execute function {{Guarded}}.refuse_rewriting()',
                        case guarded.relname when 'mt_events' then 'update or delete' else 'delete' end,
                        guarded.relname);
                end if;
            end loop;
            -- What the event store writes for a commit that was lost is no event (decision 0014).
            if not exists (select from pg_trigger
                           where tgrelid = '{{Guarded}}.mt_events'::regclass and tgname = 'leave_gap') then
                create trigger leave_gap before insert on {{Guarded}}.mt_events
                    for each row when (new.type = 'tombstone') execute function {{Guarded}}.leave_gap();
                create trigger leave_gap before insert on {{Guarded}}.mt_streams
                    for each row when (new.id = 'mt_tombstone') execute function {{Guarded}}.leave_gap();
            end if;
        end $guard$;
        """;

    /// <summary>Puts the triggers where they are missing; to be called again when a book was added.</summary>
    /// <param name="connection">The owner's connection.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task InstallAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
