using CreditBank.Ledger.Audit;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Writes a log's tiles and newest checkpoint as plain files (C2SP tlog-tiles), for a web server or an object store.
/// Hashes only: the entries themselves are for auditors (rulings 24).
/// </summary>
internal sealed class TileFiles(string folder)
{
    private const string CheckpointName = "checkpoint";
    private const int TilesAtOnce = 64;

    /// <summary>Brings the files of a log up to a checkpoint; the checkpoint itself is written last.</summary>
    public async Task PublishAsync(
        NpgsqlConnection connection,
        string log,
        SignedCheckpoint checkpoint,
        CancellationToken cancellation
    )
    {
        var root = Path.Combine(folder, log);
        var size = checkpoint.Checkpoint.Size;
        foreach (var ids in NewTiles(SizeOf(Path.Combine(root, CheckpointName)), size).Chunk(TilesAtOnce))
        {
            foreach (var (id, bytes) in await LogTables.TilesAsync(connection, log, ids, cancellation))
            {
                DurableFile.Write(Path.Combine(root, id.Path), bytes.Span);
                var partials = Path.Combine(root, id.Path + ".p");
                if (!id.IsPartial && Directory.Exists(partials))
                {
                    Directory.Delete(partials, recursive: true);
                }
            }
        }

        DurableFile.Write(Path.Combine(root, CheckpointName), checkpoint.Note.ToBytes());
    }

    /// <summary>The tiles that a tree has and a smaller one had not, or not as wide.</summary>
    public static IEnumerable<TileId> NewTiles(long before, long size)
    {
        for (var level = 0; level <= TileId.LevelMax && size >> (8 * level) > 0; level++)
        {
            for (var index = before >> (8 * level) >> 8; TileId.In(level, index, size) is { } id; index++)
            {
                if (TileId.In(level, index, before) != id)
                {
                    yield return id;
                }
            }
        }
    }

    private static long SizeOf(string path) =>
        File.Exists(path) && SignedCheckpoint.TryParse(File.ReadAllBytes(path), out var checkpoint, out _)
            ? checkpoint.Checkpoint.Size
            : 0;
}
