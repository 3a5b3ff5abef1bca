namespace CreditBank.Api.AuditLog;

/// <summary>How leaves are read in order: out of the runs they were sealed in.</summary>
internal static class LeafRuns
{
    /// <summary>The most leaves of a run.</summary>
    public const int LeavesMax = 4096;

    /// <summary>Runs as <c>run</c>, each leaf of them as <c>leaf</c>.</summary>
    public const string Unfolded =
        $"{AuditLogSchema.Runs} run, "
        + "unnest(run.seq_ids, run.event_ids) with ordinality as leaf(seq_id, event_id, place)";

    private const string Index = "run.first_index + leaf.place - 1";

    /// <summary>
    /// The leaves of log <c>$1</c> from index <c>$2</c> (inclusive) to <c>$3</c> (exclusive), as a query with the
    /// columns <c>leaf_index</c>, <c>seq_id</c> and <c>event_id</c>.
    /// </summary>
    public static readonly string ByIndex = $"""
        select {Index} as leaf_index, leaf.seq_id, leaf.event_id from {Unfolded}
        where run.log = $1 and run.last_index >= $2 and run.last_index < $3 + {LeavesMax} and run.first_index < $3
          and {Index} >= $2 and {Index} < $3
        """;

    /// <summary>
    /// The leaves of log <c>$1</c> whose sequence is behind <c>$2</c> (exclusive) and through <c>$3</c> (inclusive),
    /// with the same columns. Late ones stand in later runs than their sequence says.
    /// </summary>
    public static readonly string BySequence = $"""
        select {Index} as leaf_index, leaf.seq_id, leaf.event_id from {Unfolded}
        where run.log = $1 and run.last_seq > $2 and run.first_seq <= $3 and leaf.seq_id > $2 and leaf.seq_id <= $3
        """;

    /// <summary>
    /// The place of event <c>$1</c>, as a query with the columns <c>log</c>, <c>leaf_index</c> and <c>seq_id</c>. Ids
    /// grow with time: its run is among the first whose ids reach that far.
    /// </summary>
    public const string OfEvent = $"""
        select run.log, run.first_index + found.place - 1 as leaf_index, run.seq_ids[found.place] as seq_id
        from {AuditLogSchema.Runs} run, array_position(run.event_ids, $1) as found(place)
        where run.last_event >= $1 and run.first_event <= $1 and found.place is not null
        order by run.last_event, run.first_event limit 1
        """;
}
