using CreditBank.Api.Composition;
using Marten;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// The tables of the audit log, created and compared with Marten's own. Each row names its log, which is the book's
/// name, so that a book moves with its log.
/// </summary>
internal static class AuditLogSchema
{
    /// <summary>A row per log: how far it is.</summary>
    public const string Trees = $"{Storage.Schema}.audit_tree";

    /// <summary>A row per run of leaves that were sealed at once: which events they are, in order.</summary>
    public const string Runs = $"{Storage.Schema}.audit_run";

    /// <summary>A row per tile of hashes; the partial ones at the right edge grow.</summary>
    public const string Tiles = $"{Storage.Schema}.audit_tile";

    /// <summary>A row per signed checkpoint.</summary>
    public const string Checkpoints = $"{Storage.Schema}.audit_checkpoint";

    /// <summary>A row per entry of the top log.</summary>
    public const string TopEntries = $"{Storage.Schema}.audit_top_entry";

    /// <summary>A row per finding that a person must look at.</summary>
    public const string Alarms = $"{Storage.Schema}.audit_alarm";

    public static void Register(StoreOptions options) =>
        options.Storage.ExtendedSchemaObjects.AddRange([Tree(), Run(), Tile(), Checkpoint(), TopEntry(), Alarm()]);

    private static Table Tree()
    {
        var table = Named(Trees);
        table.AddColumn("log", "varchar").NotNull().AsPrimaryKey();
        table.AddColumn("size", "bigint").NotNull();
        table.AddColumn("settled_through", "bigint").NotNull();
        table.AddColumn("late_events", "bigint").NotNull();
        table.AddColumn("swept_at", "bigint");
        return table;
    }

    private static Table Run()
    {
        // A row per leaf, with indexes by place, sequence and event, costs more than all the rest of sealing.
        var table = Named(Runs);
        table.AddColumn("log", "varchar").NotNull().AsPrimaryKey();
        table.AddColumn("last_index", "bigint").NotNull().AsPrimaryKey();
        table.AddColumn("first_index", "bigint").NotNull();
        table.AddColumn("first_seq", "bigint").NotNull();
        table.AddColumn("last_seq", "bigint").NotNull();
        table.AddColumn("first_event", "uuid").NotNull();
        table.AddColumn("last_event", "uuid").NotNull();
        table.AddColumn("seq_ids", "bigint[]").NotNull();
        table.AddColumn("event_ids", "uuid[]").NotNull();
        table.Indexes.Add(new IndexDefinition("audit_run_sequence") { Columns = ["log", "last_seq"] });
        table.Indexes.Add(new IndexDefinition("audit_run_event") { Columns = ["last_event", "first_event"] });
        return table;
    }

    private static Table Tile()
    {
        var table = Named(Tiles);
        table.AddColumn("log", "varchar").NotNull().AsPrimaryKey();
        table.AddColumn("level", "integer").NotNull().AsPrimaryKey();
        table.AddColumn("tile_index", "bigint").NotNull().AsPrimaryKey();
        table.AddColumn("width", "integer").NotNull();
        table.AddColumn("hashes", "bytea").NotNull();
        return table;
    }

    private static Table Checkpoint()
    {
        var table = Named(Checkpoints);
        table.AddColumn("log", "varchar").NotNull().AsPrimaryKey();
        table.AddColumn("size", "bigint").NotNull().AsPrimaryKey();
        table.AddColumn("note", "varchar").NotNull();
        table.AddColumn("signed_at", "bigint").NotNull();
        return table;
    }

    private static Table TopEntry()
    {
        var table = Named(TopEntries);
        table.AddColumn("leaf_index", "bigint").NotNull().AsPrimaryKey();
        table.AddColumn("log", "varchar").NotNull();
        table.AddColumn("size", "bigint").NotNull();
        table.AddColumn("entry", "varchar").NotNull();
        table.Indexes.Add(Unique("audit_top_entry_log", "log", "size"));
        return table;
    }

    private static Table Alarm()
    {
        var table = Named(Alarms);
        table.AddColumn("log", "varchar").NotNull().AsPrimaryKey();
        table.AddColumn("code", "varchar").NotNull().AsPrimaryKey();
        table.AddColumn("place", "bigint").NotNull().AsPrimaryKey();
        table.AddColumn("event_id", "uuid");
        table.AddColumn("found_at", "bigint").NotNull();
        return table;
    }

    private static Table Named(string qualified) =>
        new(
            new PostgresqlObjectName(
                Storage.Schema,
                qualified[(Storage.Schema.Length + 1)..],
                SchemaUtils.IdentifierUsage.General
            )
        );

    private static IndexDefinition Unique(string name, params string[] columns) =>
        new(name) { Columns = columns, IsUnique = true };
}
