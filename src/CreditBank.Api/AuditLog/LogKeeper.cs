using CreditBank.Api.Infrastructure.Storage;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Keeps the logs of one database with one connection: seals, sweeps, signs. A lock per log on that connection makes
/// sure that no other node does the same; losing the connection loses the locks and everything remembered.
/// </summary>
internal sealed class LogKeeper(
    NpgsqlConnection connection,
    AuditLogs logs,
    IReadOnlyList<string> books,
    bool keepsTop,
    CheckpointSigner signer,
    AuditLogStatus status,
    IClock clock,
    ILogger log
)
{
    private const int LockClass = 0x43424C47;

    private readonly SettledSequences sequences = new(books);
    private readonly Sealer sealer = new();
    private readonly TopLog top = new(logs);
    private readonly Dictionary<string, LogPosition> positions = [];
    private readonly Dictionary<string, LogRhythm> rhythms = [];
    private readonly HashSet<string> held = [];
    private Instant topAt;

    /// <summary>The newest number taken in each book, as of the last cycle.</summary>
    public IReadOnlyDictionary<string, long> Taken => sequences.Taken;

    /// <summary>Whether everything through these numbers is sealed, in the books that this node keeps.</summary>
    public bool HasSealed(IReadOnlyDictionary<string, long> through) =>
        through.All(one =>
            !held.Contains(one.Key)
            || status.Of(one.Key).Broken is not null
            || (positions.TryGetValue(one.Key, out var position) && position.SettledThrough >= one.Value)
        );

    /// <summary>Looks once at every log.</summary>
    /// <param name="signNow">Signs what has grown, however lately the last checkpoint was signed.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <returns>Whether anything was sealed, or waits to be.</returns>
    public async Task<bool> CycleAsync(bool signNow, CancellationToken cancellation)
    {
        var settled = await sequences.LookAsync(connection, cancellation);
        var busy = false;
        var due = new List<string>();
        foreach (var book in books)
        {
            if (await HoldsAsync(book, cancellation))
            {
                busy |= await TryAsync(book, () => SealAsync(book, settled.GetValueOrDefault(book), cancellation));
                due.AddRange(IsDue(book, signNow) ? [book] : []);
            }
        }

        if (due.Count > 0)
        {
            // What was sealed is put on the disk once for all books.
            await LogBatch.MakeDurableAsync(connection, cancellation);
        }

        foreach (var book in due)
        {
            await TryAsync(book, () => SweepAndSignAsync(book, cancellation));
        }

        var now = clock.GetCurrentInstant();
        var isTopDue = keepsTop && logs.Settings.Signs && (signNow || now - topAt >= logs.Settings.TopEvery);
        if (isTopDue && await HoldsAsync(AuditLogs.Top, cancellation))
        {
            topAt = now;
            await TryAsync(AuditLogs.Top, () => KeepTopAsync(cancellation));
        }

        return busy;
    }

    private async Task<bool> TryAsync(string name, Func<Task<bool>> work)
    {
        try
        {
            return await work();
        }
        catch (LogBrokenException broken)
        {
            positions.Remove(name);
            if (status.Of(name).Broken != broken.Message)
            {
                log.LogCritical(broken, "The audit log {Log} stands still until somebody repairs it.", name);
            }

            status.Note(name, before => before with { Broken = broken.Message });
            return false;
        }
    }

    private async Task<bool> HoldsAsync(string name, CancellationToken cancellation)
    {
        if (held.Contains(name))
        {
            return true;
        }

        await using var command = connection.CreateCommand();
        command.CommandText = "select pg_try_advisory_lock($1, hashtext($2))";
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = LockClass });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        if (await command.ExecuteScalarAsync(cancellation) is not true)
        {
            return false;
        }

        held.Add(name);
        var alarms = await AuditAlarms.OfAsync(connection, name, cancellation);
        status.Note(name, before => before with { Alarms = alarms });
        return true;
    }

    private async Task<bool> SealAsync(string book, long settled, CancellationToken cancellation)
    {
        var before = await PositionAsync(book, cancellation);
        var position = await sealer.SealAsync(connection, before, settled, cancellation);
        positions[book] = position;
        var grown = position.SettledThrough > before.SettledThrough;
        var behind = sequences.Taken.GetValueOrDefault(book) - position.SettledThrough;
        status.Note(
            book,
            known => known with { Size = position.Size, LateEvents = position.LateEvents, Behind = behind }
        );
        return grown || behind > 0;
    }

    /// <summary>A book that stands still is always due: signing tells whether it was repaired.</summary>
    private bool IsDue(string book, bool signNow) =>
        positions.TryGetValue(book, out var position)
        && (
            status.Of(book).Broken is not null
            || RhythmOf(book)
                .IsDue(
                    position.SettledThrough,
                    clock.GetCurrentInstant(),
                    logs.Settings.CheckpointEvery,
                    atOnce: signNow
                )
        );

    private async Task<bool> SweepAndSignAsync(string book, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        var rhythm = RhythmOf(book);
        var position = await SweepAsync(book, positions[book], rhythm.Sweep, now, cancellation);
        if (logs.Settings.Signs)
        {
            var signed = await signer.SignAsync(connection, position, cancellation);
            status.Note(book, known => known with { Checkpoint = signed.Checkpoint });
        }

        rhythm.Done(position.SettledThrough, now);
        status.Note(book, known => known with { Broken = null });
        return false;
    }

    private async Task<LogPosition> SweepAsync(
        string book,
        LogPosition position,
        RollingSweep rolling,
        Instant now,
        CancellationToken cancellation
    )
    {
        foreach (var (after, through) in rolling.Next(position.SettledThrough, now))
        {
            var found = await CompletenessSweep.CompareAsync(connection, book, after, through, now, cancellation);
            if (found.Alarms.Count > 0)
            {
                await AuditAlarms.RaiseAsync(connection, found.Alarms, cancellation);
                var alarms = await AuditAlarms.OfAsync(connection, book, cancellation);
                status.Note(book, known => known with { Alarms = alarms });
                log.LogCritical("{Count} findings in the audit log {Log}.", found.Alarms.Count, book);
            }

            if (found.Late.Count > 0)
            {
                log.LogWarning("{Count} events of {Log} came late and are sealed now.", found.Late.Count, book);
                position = await sealer.SealLateAsync(connection, position, found.Late, cancellation);
                positions[book] = position;
                var (size, count) = (position.Size, position.LateEvents);
                status.Note(book, known => known with { Size = size, LateEvents = count });
            }
        }

        return position;
    }

    private async Task<bool> KeepTopAsync(CancellationToken cancellation)
    {
        // Another node may keep some of the books: what they signed stands in storage.
        var checkpoints = await LogTables.NewestAsync(connection, logs.Books, cancellation);
        foreach (var book in logs.Books.Where(book => !checkpoints.ContainsKey(book)))
        {
            if (status.Of(book).Checkpoint is { } known)
            {
                checkpoints[book] = known;
            }
        }

        var before = await PositionAsync(AuditLogs.Top, cancellation);
        var size = before.Size;
        var position = await top.IncludeAsync(connection, before, checkpoints, cancellation);
        positions[AuditLogs.Top] = position;
        if (position.Size > size || status.Of(AuditLogs.Top).Checkpoint is null)
        {
            await LogBatch.MakeDurableAsync(connection, cancellation);
            var signed = await signer.SignAsync(connection, position, cancellation);
            status.Note(AuditLogs.Top, known => known with { Size = position.Size, Checkpoint = signed.Checkpoint });
        }

        status.Note(AuditLogs.Top, known => known with { Broken = null });
        return position.Size > size;
    }

    private LogRhythm RhythmOf(string book)
    {
        if (!rhythms.TryGetValue(book, out var rhythm))
        {
            rhythm = new LogRhythm();
            rhythms.Add(book, rhythm);
        }

        return rhythm;
    }

    private async Task<LogPosition> PositionAsync(string name, CancellationToken cancellation)
    {
        if (!positions.TryGetValue(name, out var position))
        {
            position = await LogTables.PositionAsync(connection, name, cancellation);
            positions[name] = position;
        }

        return position;
    }
}
