using System.Text;
using System.Text.Json;
using CreditBank.Ledger;
using CreditBank.Ledger.Audit;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Writes everything that was signed into a folder that an auditor checks without the service
/// (<see cref="ExportLayout"/>). What storage has lost or changed is written as it stands: finding that is the
/// auditor's.
/// </summary>
public sealed class LogExport(AuditLogs logs, LogReader reader, AuditDocuments documents, IClock clock)
{
    private const int TilesAtOnce = 256;

    /// <summary>Writes the export.</summary>
    /// <param name="folder">An empty folder, or one that is not there yet.</param>
    /// <param name="report">Hears how many events are written, book by book.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What it holds.</returns>
    public async Task<ExportManifest> WriteAsync(
        string folder,
        Action<string, long, long> report,
        CancellationToken cancellation
    )
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, ExportLayout.PolicyFile), AuditPolicy.Of(logs), cancellation);
        var written = new List<ExportedLog>();

        // The log over all books first: what it names has been signed, so the books are at least as far.
        foreach (var log in logs.All.Reverse())
        {
            if (await reader.CheckpointAsync(log, cancellation) is { } checkpoint)
            {
                var target = new ExportTarget(folder, log);
                await WriteLogAsync(target, checkpoint, report, cancellation);
                written.Add(new ExportedLog(log, logs.OriginOf(log), checkpoint.Checkpoint.Size));
            }
        }

        written.Reverse();
        var manifest = new ExportManifest(
            ExportLayout.Format,
            logs.Settings.BankName,
            clock.GetCurrentInstant(),
            written
        );
        await File.WriteAllBytesAsync(
            Path.Combine(folder, ExportLayout.ManifestFile),
            JsonSerializer.SerializeToUtf8Bytes(manifest, LedgerJson.Options),
            cancellation
        );
        return manifest;
    }

    private async Task WriteLogAsync(
        ExportTarget target,
        SignedCheckpoint checkpoint,
        Action<string, long, long> report,
        CancellationToken cancellation
    )
    {
        var size = checkpoint.Checkpoint.Size;
        target.Write(ExportLayout.CheckpointFile, checkpoint.Note.ToBytes());
        await using var connection = await reader.ConnectAsync(target.Log, cancellation);
        foreach (var ids in TileFiles.NewTiles(0, size).Chunk(TilesAtOnce))
        {
            foreach (var (id, bytes) in await LogTables.TilesAsync(connection, target.Log, ids, cancellation))
            {
                target.Write(id.Path, bytes.Span);
            }
        }

        await WriteCheckpointsAsync(connection, target, checkpoint.Checkpoint, cancellation);
        if (target.Log == AuditLogs.Top)
        {
            await WriteEntriesAsync(target, size, cancellation);
        }
        else
        {
            await WriteEventsAsync(target, size, report, cancellation);
            await WriteUnloggedAsync(connection, target, cancellation);
        }
    }

    /// <summary>What was signed under this name; an earlier name of the bank has logs of its own.</summary>
    private static async Task WriteCheckpointsAsync(
        NpgsqlConnection connection,
        ExportTarget target,
        Checkpoint newest,
        CancellationToken cancellation
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            select note from {AuditLogSchema.Checkpoints}
            where log = $1 and size <= $2 and starts_with(note, $3 || E'\n') order by size
            """;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = target.Log });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = newest.Size });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = newest.Origin });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await using var file = target.Create(ExportLayout.CheckpointsFile);
        while (await rows.ReadAsync(cancellation))
        {
            file.Write(TextOf(rows.GetString(0)));
            file.WriteByte((byte)'\n');
        }
    }

    // No \u002B, which \u002b would say as well: whichever byte of the file is changed, it is found.
    private static byte[] TextOf(string text) => JsonSerializer.SerializeToUtf8Bytes(text, LedgerJson.Options);

    private async Task WriteEntriesAsync(ExportTarget target, long size, CancellationToken cancellation)
    {
        await using var file = target.Create(ExportLayout.EntriesFile);
        foreach (var entry in await reader.TopEntriesAsync(0, size, cancellation))
        {
            file.Write(TextOf(Encoding.UTF8.GetString(entry)));
            file.WriteByte((byte)'\n');
        }
    }

    private async Task WriteEventsAsync(
        ExportTarget target,
        long size,
        Action<string, long, long> report,
        CancellationToken cancellation
    )
    {
        var writer = new LeafWriter();
        var done = 0L;
        await using var file = target.Create(ExportLayout.EventsFile);
        await foreach (var (index, eventId, stored) in reader.LeavesAsync(target.Log, 0, size, cancellation))
        {
            // An index that storage has lost is a line too, so that all others keep their places.
            for (; done < index; done++)
            {
                WriteLine(file, Encoding.UTF8.GetBytes(ExportLayout.MissingLine(done, Guid.Empty)));
            }

            if (stored is { } present && writer.TryWrite(present.Envelope, present.Data, out var leaf, out _))
            {
                WriteLine(file, leaf);
                await WriteDocumentsAsync(target, present, cancellation);
            }
            else
            {
                WriteLine(file, Encoding.UTF8.GetBytes(ExportLayout.MissingLine(index, eventId)));
            }

            done = index + 1;
            if (done % 50_000 == 0 || done == size)
            {
                report(target.Log, done, size);
            }
        }
    }

    private async Task WriteDocumentsAsync(ExportTarget target, StoredEvent stored, CancellationToken cancellation)
    {
        if (stored.Data.Length > EntryBundle.EntryBytesMax / 2)
        {
            var payload = CanonicalJson.Of(stored.Data);
            target.WriteDocument(ExportTarget.HashOf(payload), payload);
        }

        switch (stored.Envelope.Type)
        {
            case "rule_set_published":
                var rules = NamedHash(stored.Data, "hash");
                target.WriteDocument(rules, await documents.RuleSetAsync(rules, cancellation));
                break;
            case "transfer_evaluated":
                var proposal = NamedHash(stored.Data, "proposalHash");
                target.WriteDocument(proposal, await documents.ProposalAsync(target.Log, proposal, cancellation));
                break;
        }
    }

    private static async Task WriteUnloggedAsync(
        NpgsqlConnection connection,
        ExportTarget target,
        CancellationToken cancellation
    )
    {
        var (_, settled, _) = await LogTables.TreeAsync(connection, target.Log, cancellation);
        var writer = new LeafWriter();
        var lines = new List<byte[]>();
        for (var after = 0L; after < settled; after += CompletenessSweep.Slice)
        {
            var through = Math.Min(after + CompletenessSweep.Slice, settled);
            foreach (
                var stored in await CompletenessSweep.UnsealedAsync(
                    connection,
                    target.Log,
                    after,
                    through,
                    cancellation
                )
            )
            {
                lines.Add(LogReader.LeafOf(writer, stored).ToArray());
            }
        }

        if (lines.Count > 0)
        {
            await using var file = target.Create(ExportLayout.UnloggedFile);
            lines.ForEach(line => WriteLine(file, line));
        }
    }

    private static string NamedHash(byte[] data, string name)
    {
        using var document = JsonDocument.Parse(data);
        return document.RootElement.TryGetProperty(name, out var hash) ? hash.GetString() ?? "" : "";
    }

    private static void WriteLine(FileStream file, ReadOnlySpan<byte> line)
    {
        file.Write(line);
        file.WriteByte((byte)'\n');
    }
}
