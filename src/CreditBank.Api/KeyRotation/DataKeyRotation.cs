using System.Diagnostics;
using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Transcripts;
using Npgsql;

namespace CreditBank.Api.KeyRotation;

/// <summary>
/// Replaces the key that wraps persons' keys and the one that finds identities, in batches, each in a commit of its
/// own. Killed anywhere and run again it goes on: what is done is of the new generation, and the ring keeps the
/// generation before until nothing is of it any more. No service may run meanwhile: <see cref="RotationLock"/>.
/// </summary>
public sealed class DataKeyRotation(LedgerBooks books, VaultKeys keys, IdentityVault vault, KeyRingStore rings)
{
    /// <summary>How many documents a commit rotates at most.</summary>
    public const int BatchMax = 1_000;

    /// <summary>Rotates, or goes on with a rotation.</summary>
    /// <param name="report">Told what is done, after each batch.</param>
    /// <param name="cancellation">Stops between two batches; what is done stays done.</param>
    /// <returns>What was rotated by this run.</returns>
    /// <exception cref="StartRefusedException">
    /// Two master keys open the ring, the given one does not, or somebody wrote under the old keys meanwhile.
    /// </exception>
    public async Task<DataKeysRotated> RunAsync(Action<RotationProgress> report, CancellationToken cancellation)
    {
        var ring = await rings.OpenAsync(cancellation);
        if (ring.Copies.Count > 1)
        {
            throw new StartRefusedException("End the rotation of the master key first: rotate-keys master.");
        }

        if (!ring.IsRotating)
        {
            await rings.WriteAsync(keys.Data.WithNextGeneration(), [keys.Master], cancellation);
        }

        var (passes, clock, unfound) = (KeyPasses.Of(keys, vault, books), Stopwatch.StartNew(), 0L);
        var counts = new Dictionary<string, long>();
        foreach (var pass in passes)
        {
            var total = await CountStaleAsync(pass, cancellation);
            var run = new PassRun(pass, total, clock.Elapsed);
            foreach (var book in books.All)
            {
                unfound += await RotateAsync(run, book, () => report(run.Progress(clock.Elapsed)), cancellation);
            }

            counts[pass.What] = run.Done;
        }

        await ForgetLostAsync(cancellation);
        await RequireNoneLeftAsync(passes, cancellation);
        await rings.WriteAsync(keys.Data with { Before = null }, [keys.Master], cancellation);
        return new DataKeysRotated(keys.Data.Current.Number, counts, unfound, clock.Elapsed);
    }

    private async Task<long> RotateAsync(PassRun run, string book, Action report, CancellationToken cancellation)
    {
        var (after, unfound) = (string.Empty, 0L);
        await using var connection = books.Store.Storage.Database.CreateConnection();
        await connection.OpenAsync(cancellation);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var batch = new RotationBatch(books, connection, transaction, book);
            var passed = await run.Pass.NextAsync(batch, after, BatchMax, cancellation);
            if (passed.Count == 0)
            {
                return unfound;
            }

            await transaction.CommitAsync(cancellation);
            (after, unfound) = (passed.LastId, unfound + passed.UnfoundCount);
            run.Done += passed.Count;
            report();
        }
    }

    private async Task<long> CountStaleAsync(IKeyPass pass, CancellationToken cancellation)
    {
        await using var connection = books.Store.Storage.Database.CreateConnection();
        await connection.OpenAsync(cancellation);
        var table = RotationBatch.TableOf(books, pass.Kind);
        await using var command = new NpgsqlCommand(
            $"select count(*) from {table} where {RotationBatch.IsStale("$1")}",
            connection
        )
        {
            CommandTimeout = 0,
            Parameters = { new NpgsqlParameter { Value = WrappedKey.MarkOf(keys.Data.Current.Number) } },
        };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// Claims of records that waited for a person who was erased name a tag that nobody can make any more. They were
    /// never posted; without the claim such a record waits again when it is sent again, as before the rotation.
    /// </summary>
    private async Task ForgetLostAsync(CancellationToken cancellation)
    {
        await using var connection = books.Store.Storage.Database.CreateConnection();
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"""
            delete from {RotationBatch.TableOf(books, typeof(RecordClaim))} as claim
            where claim.data ->> 'outcomeId' is null and not exists (
                select 1 from {RotationBatch.TableOf(books, typeof(SuspendedRecord))} as waiting
                where waiting.id = claim.id
            )
            """,
            connection
        )
        {
            CommandTimeout = 0,
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The old keys are destroyed only when nothing needs them.</summary>
    private async Task RequireNoneLeftAsync(IReadOnlyList<IKeyPass> passes, CancellationToken cancellation)
    {
        foreach (var pass in passes)
        {
            if (await CountStaleAsync(pass, cancellation) is > 0 and var left)
            {
                throw new StartRefusedException(
                    $"{left} {pass.What} were written under the old keys while they were rotated: a service runs. "
                        + "Stop it and run rotate-keys data again. Both generations of keys are kept until then."
                );
            }
        }
    }

    private sealed class PassRun(IKeyPass pass, long total, TimeSpan beganAt)
    {
        public IKeyPass Pass => pass;

        public long Done { get; set; }

        public RotationProgress Progress(TimeSpan now) => new(pass.What, Done, total, now - beganAt);
    }
}

/// <summary>How far a rotation is with one kind of documents.</summary>
/// <param name="What">The kind, in words.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Total">How many there were to do when this run came to them.</param>
/// <param name="Taken">For how long it has been at them.</param>
public sealed record RotationProgress(string What, long Done, long Total, TimeSpan Taken)
{
    /// <summary>How many a second.</summary>
    public long Rate => Done * TimeSpan.TicksPerSecond / Math.Max(Taken.Ticks, 1);

    /// <summary>How many seconds are left for this kind, if it goes on like this.</summary>
    public long SecondsLeft => Rate == 0 ? 0 : (Total - Done + Rate - 1) / Rate;
}

/// <summary>What a run rotated.</summary>
/// <param name="Generation">The generation that all keys are of now.</param>
/// <param name="Counts">How many of each kind.</param>
/// <param name="UnfoundCount">How many persons had no entry for their identity; 0 in a bank that is in order.</param>
/// <param name="Taken">How long it took.</param>
public sealed record DataKeysRotated(
    int Generation,
    IReadOnlyDictionary<string, long> Counts,
    long UnfoundCount,
    TimeSpan Taken
);
