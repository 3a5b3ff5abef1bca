using CreditBank.Ledger.Audit;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Signs where a log stands, if and only if everything signed before is a prefix of it: what the database keeps, and
/// what the folder outside keeps.
/// </summary>
internal sealed class CheckpointSigner(AuditLogs logs, LastSigned outside, Witnesses witnesses, IClock clock)
{
    private readonly TileFiles? files = logs.Settings.TilesFolder is { } folder ? new TileFiles(folder) : null;

    /// <summary>
    /// Signs, keeps and publishes a checkpoint, unless the newest one already says so. The tree must be on the disk.
    /// </summary>
    /// <exception cref="LogBrokenException">
    /// The log is not a continuation of what was signed before: a restored backup, or a changed tree.
    /// </exception>
    public async Task<SignedCheckpoint> SignAsync(
        NpgsqlConnection connection,
        LogPosition position,
        CancellationToken cancellation
    )
    {
        var log = position.Log;
        var next = new Checkpoint(logs.OriginOf(log), position.Size, position.Tree.Root());
        var kept = ReadStored(log, await LogTables.CheckpointAsync(connection, log, cancellation));
        await RequireContinued(connection, log, kept, next, cancellation);
        await RequireContinued(connection, log, Read(log, outside.Read(log)), next, cancellation);
        if (kept is not null && kept.Checkpoint.Size == next.Size && IsByCurrentKey(kept, log))
        {
            return kept;
        }

        var signed = next.Sign(logs.SignersOf(log));
        outside.Write(log, signed);
        await LogTables.KeepCheckpointAsync(connection, log, signed, clock.GetCurrentInstant(), cancellation);
        var cosigned = await witnesses.CosignAsync(connection, log, signed, cancellation);
        if (cosigned != signed)
        {
            await LogTables.KeepCheckpointAsync(connection, log, cosigned, clock.GetCurrentInstant(), cancellation);
        }

        if (files is not null)
        {
            await files.PublishAsync(connection, log, cosigned, cancellation);
        }

        return cosigned;
    }

    /// <summary>
    /// After a rotation the newest checkpoint is signed anew, so that it is by a key that is trusted now.
    /// </summary>
    private bool IsByCurrentKey(SignedCheckpoint checkpoint, string log) =>
        checkpoint.TryVerify(logs.OriginOf(log), [logs.SignersOf(log)[0].Vkey], out _);

    /// <summary>
    /// What the database keeps of an earlier name of the bank binds that name and not this one: after a restored backup
    /// the operator begins new logs. The folder outside is another one then; one that holds the old name is refused.
    /// </summary>
    private SignedCheckpoint? ReadStored(string log, byte[]? note) =>
        note is not null
        && SignedCheckpoint.TryParse(note, out var stored, out _)
        && stored.Checkpoint.Origin != logs.OriginOf(log)
            ? null
            : Read(log, note);

    private SignedCheckpoint? Read(string log, byte[]? note)
    {
        if (note is null)
        {
            return null;
        }

        // Keys change, origins do not: a note that this key did not sign still binds the log, when it is of this log.
        return
            SignedCheckpoint.TryParse(note, out var checkpoint, out var problem)
            && checkpoint.Checkpoint.Origin == logs.OriginOf(log)
            ? checkpoint
            : throw new LogBrokenException(
                $"{log}: the last signed checkpoint cannot be read or is of another log ({problem})."
            );
    }

    private static async Task RequireContinued(
        NpgsqlConnection connection,
        string log,
        SignedCheckpoint? before,
        Checkpoint next,
        CancellationToken cancellation
    )
    {
        if (before?.Checkpoint is not { } last)
        {
            return;
        }

        if (last.Size > next.Size)
        {
            throw new LogBrokenException(
                $"audit.log.rolledBack in {log}: "
                    + $"{last.Size} leaves were signed and only {next.Size} are left: a restored backup?"
            );
        }

        MerkleHash[] proof = [];
        if (last.Size > 0 && last.Size < next.Size)
        {
            var plan = ProofPlan.Consistency(last.Size, next.Size);
            var tiles = await LogTables.TilesAsync(connection, log, plan.Tiles, cancellation);
            proof = plan.Resolve(id => tiles[id]);
        }

        if (!last.IsContinuedBy(next, proof))
        {
            throw new LogBrokenException(
                $"audit.log.rewritten in {log}: "
                    + $"what was signed at {last.Size} leaves is not the beginning of the tree of {next.Size}."
            );
        }
    }
}
