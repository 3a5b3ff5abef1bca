using CreditBank.Api.Infrastructure.Storage;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>Compares every book with its log whole, once a day and when somebody asks.</summary>
public sealed class SweepWorker(
    LedgerBooks books,
    AuditLogs logs,
    AuditLogStatus status,
    IClock clock,
    ILogger<SweepWorker> log
) : BackgroundService
{
    private const int LockClass = 0x43425357;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim asked = new(0);

    /// <summary>Has every book compared as soon as possible, in the background.</summary>
    public void Ask() => asked.Release();

    /// <summary>Compares one book now.</summary>
    /// <returns>What must not be; also kept as the book's alarms.</returns>
    public async Task<IReadOnlyList<AuditAlarm>> RunAsync(string book, CancellationToken cancellation)
    {
        var database = await books.Store.Storage.FindOrCreateDatabase(book);
        await using var connection = database.CreateConnection();
        await connection.OpenAsync(cancellation);
        var found = await new WholeSweep(clock).RunAsync(connection, book, cancellation);
        var now = clock.GetCurrentInstant();
        await using (var transaction = await connection.BeginTransactionAsync(cancellation))
        {
            await AuditAlarms.ReplaceAsync(connection, book, found, cancellation);
            await NoteSweptAsync(connection, book, now, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        var alarms = await AuditAlarms.OfAsync(connection, book, cancellation);
        status.Note(book, known => known with { Alarms = alarms });
        if (found.Count > 0)
        {
            log.LogCritical("The whole sweep of {Book} found {Count} things that must not be.", book, found.Count);
        }

        return found;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (logs.Settings.IsOn && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                var isAsked = await asked.WaitAsync(LookEvery, stoppingToken);
                foreach (var book in books.All)
                {
                    if (isAsked || await IsDueAsync(book, stoppingToken))
                    {
                        await RunAsync(book, stoppingToken);
                    }
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or LogBrokenException)
            {
                log.LogError(fault, "A whole sweep ended early; it is tried again.");
            }
        }
    }

    private async Task<bool> IsDueAsync(string book, CancellationToken cancellation)
    {
        var database = await books.Store.Storage.FindOrCreateDatabase(book);
        await using var connection = database.CreateConnection();
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();

        // Whoever marks the book first sweeps it; a node that dies meanwhile leaves it to the next day.
        command.CommandText = $"""
            update {AuditLogSchema.Trees} set swept_at = $2
            where log = $1 and coalesce(swept_at, 0) < $3 and pg_try_advisory_xact_lock({LockClass}, hashtext(log))
            """;
        var now = clock.GetCurrentInstant();
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = book });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Microseconds(now) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Microseconds(now - logs.Settings.SweepEvery) });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private static async Task NoteSweptAsync(
        NpgsqlConnection connection,
        string book,
        Instant now,
        CancellationToken cancellation
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"update {AuditLogSchema.Trees} set swept_at = $2 where log = $1";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = book });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Microseconds(now) });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static long Microseconds(Instant at) => at.ToUnixTimeTicks() / 10;

    /// <inheritdoc/>
    public override void Dispose()
    {
        asked.Dispose();
        base.Dispose();
    }
}
