using CreditBank.Ledger.Audit;

namespace CreditBank.Api.AuditLog;

/// <summary>Where a log stands, in memory: what sealing needs to go on. Storage has the same, committed.</summary>
/// <param name="Log">The log.</param>
/// <param name="Tree">The tree over all leaves so far.</param>
/// <param name="SettledThrough">
/// The sequence through which every event is a leaf, inclusive; only late ones can still appear below.
/// </param>
/// <param name="LateEvents">How many events came late.</param>
internal sealed record LogPosition(string Log, TileBuilder Tree, long SettledThrough, long LateEvents)
{
    /// <summary>How many leaves there are.</summary>
    public long Size => Tree.Size;
}
