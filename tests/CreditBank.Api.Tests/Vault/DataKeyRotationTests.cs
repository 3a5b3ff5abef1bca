using System.Globalization;
using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.KeyRotation;
using CreditBank.Api.Tests.Support;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit.Abstractions;

namespace CreditBank.Api.Tests.Vault;

/// <summary>New keys that wrap and find persons: everything is there afterwards, also after a kill.</summary>
public sealed class DataKeyRotationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task everything_is_readable_and_found_under_the_new_keys_and_nothing_under_the_old_ones()
    {
        var scene = await KeyScene.Open();
        var reports = new List<RotationProgress>();
        var done = await scene.Stopped(services => Rotate(services, reports.Add));

        Assert.Equal((2, 0L), (done.Generation, done.UnfoundCount));
        Assert.Equal([11L, 3L, 1L, 1L], done.Counts.Values);
        var last = reports.Last(report => report.What == "persons");
        Assert.Equal((11L, 11L, 0L), (last.Done, last.Total, last.SecondsLeft));
        Assert.Equal(0, await scene.Stopped(services => FoundBefore(services, scene.FirstTags)));
        Assert.Equal((2, false), await scene.Stopped(RingOf));
        await scene.Check();
    }

    [Fact]
    public async Task killed_in_the_middle_nothing_serves_and_running_it_again_ends_it()
    {
        var scene = await KeyScene.Open();
        for (var kill = 0; kill < 3; kill++)
        {
            using var killed = new CancellationTokenSource();
            await Assert.ThrowsAsync<OperationCanceledException>(() =>
                scene.Stopped(services => Rotate(services, _ => killed.Cancel(), killed.Token))
            );
        }

        Assert.Equal((2, true), await scene.Stopped(RingOf));
        var refused = await Assert.ThrowsAsync<StartRefusedException>(scene.Start);
        Assert.Contains("rotate-keys data", refused.Message, StringComparison.Ordinal);
        await scene.Stopped(services => Rotate(services, _ => { }));
        Assert.Equal((2, false), await scene.Stopped(RingOf));
        await scene.Check();
    }

    [Fact]
    public async Task rotated_twice_and_with_another_master_key_in_between_the_bank_is_the_same()
    {
        var scene = await KeyScene.Open();
        await scene.Stopped(services => Rotate(services, _ => { }));
        var next = new MasterKey([.. Enumerable.Repeat((byte)9, 32)]);
        await scene.Stopped(services => Both(services, next));
        var unended = await Assert.ThrowsAsync<StartRefusedException>(() =>
            scene.Stopped(services => Rotate(services, _ => { }))
        );
        Assert.Contains("rotate-keys master", unended.Message, StringComparison.Ordinal);
        scene.Settings = scene.Settings with { Keys = new VaultKeys(next) };
        await scene.Stopped(services =>
            services.GetRequiredService<MasterKeyRotation>().RunConfiguredAsync(null, default)
        );

        var done = await scene.Stopped(services => Rotate(services, _ => { }));

        Assert.Equal(3, done.Generation);
        await scene.Check();
    }

    [Fact]
    public async Task a_bank_from_before_there_was_a_ring_gets_one_and_rotates()
    {
        var scene = await KeyScene.Open();
        await Sql(
            scene,
            """
            delete from ledger.mt_doc_keyring;
            update ledger.mt_doc_person set data = jsonb_set(data, '{wrappedKey}',
                to_jsonb(replace(
                    encode(substring(decode(data ->> 'wrappedKey', 'base64') from 4), 'base64'), E'\n', '')));
            """
        );
        var own = scene.Settings;
        scene.Settings = own with { Keys = new VaultKeys(new byte[32]) };
        var refused = await Assert.ThrowsAsync<StartRefusedException>(scene.Start);
        Assert.Contains("not this bank's", refused.Message, StringComparison.Ordinal);
        scene.Settings = own;

        var tags = await scene.Stopped(async services =>
        {
            await services.GetRequiredService<KeyRingStore>().OpenAsync(default);
            return services.GetRequiredService<IdentityVault>().TagOf(KeyScene.Person("s-1"));
        });
        await scene.Stopped(services => Rotate(services, _ => { }));

        Assert.Equal(scene.FirstTags[0], tags);
        await scene.Check();
    }

    [Fact]
    public async Task a_service_keeps_a_rotation_away_and_a_rotation_keeps_a_service_away()
    {
        var scene = await KeyScene.Open();
        var connection = scene.Settings.ConnectionString;
        await using (await scene.Start())
        {
            Assert.Null(await RotationLock.TryRotateAloneAsync(connection, default));
            await using var master = await RotationLock.TryRotateAsync(connection, default);
            Assert.NotNull(master);
        }

        // The server lets go of a lock when it has seen that the connection is closed.
        await using var alone = await Eventually.Get(() => RotationLock.TryRotateAloneAsync(connection, default));
        Assert.Null(await RotationLock.TryRotateAsync(connection, default));
        var refused = await Assert.ThrowsAsync<StartRefusedException>(scene.Start);
        Assert.Contains("being rotated", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task a_service_that_lost_its_lock_goes_on_unless_the_keys_were_rotated_meanwhile(
        int generation,
        bool stops
    )
    {
        var scene = await KeyScene.Open();
        await using var service = await scene.Start();
        var lifetime = service.Services.GetRequiredService<IHostApplicationLifetime>();

        var holder = await HolderOf(scene);
        await Sql(
            scene,
            $$"""
            update ledger.mt_doc_keyring set data = jsonb_set(data, '{generation}', '{{generation}}');
            select pg_terminate_backend({{holder}});
            """
        );
        await Eventually.Get(async () =>
            lifetime.ApplicationStopping.IsCancellationRequested
            || await HolderOf(scene) is { } another && another != holder
                ? "either"
                : null
        );
        await Eventually.Get(() =>
            Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested == stops ? "as expected" : null)
        );
    }

    [Fact]
    public async Task what_somebody_wrote_under_the_old_keys_meanwhile_keeps_them_from_being_destroyed()
    {
        var scene = await KeyScene.Open();
        var late = false;
        await scene.Stopped(async services =>
        {
            var refused = await Assert.ThrowsAsync<StartRefusedException>(() =>
                Rotate(
                    services,
                    report =>
                    {
                        if (report.What == "webhooks" && !late)
                        {
                            late = true;
                            WriteUnderOldKeys(services);
                        }
                    }
                )
            );
            Assert.Contains("a service runs", refused.Message, StringComparison.Ordinal);
            return true;
        });

        await scene.Stopped(services => Rotate(services, _ => { }));
        await scene.Check();
    }

    /// <summary>A million with <c>CREDITBANK_ROTATED=1000000</c>; the figure is in specs/runbooks/keys.md.</summary>
    [Fact]
    public async Task many_persons_are_rotated_in_batches_and_each_is_found()
    {
        var scene = await KeyScene.Open();
        var count = int.Parse(
            Environment.GetEnvironmentVariable("CREDITBANK_ROTATED") ?? "9000",
            CultureInfo.InvariantCulture
        );
        await scene.Stopped(services => Fill(services, count));
        var reports = new List<RotationProgress>();

        var done = await scene.Stopped(services => Rotate(services, reports.Add));

        output.WriteLine($"{done.Counts["persons"]:n0} persons in {done.Taken.TotalSeconds:0.0} s");
        Assert.Equal((count + 11, 0L), (done.Counts["persons"], done.UnfoundCount));
        Assert.True(reports.Count(report => report.What == "persons") > 8);
        Assert.All(await scene.Stopped(services => Found(services, count)), Assert.NotNull);
    }

    [Fact]
    public void every_document_that_holds_a_wrapped_key_is_rotated()
    {
        var holding = typeof(VaultKeys)
            .Assembly.GetTypes()
            .Where(type => type != typeof(KeyChange))
            .Where(type => type.GetProperty("WrappedKey")?.PropertyType == typeof(byte[]));

        Assert.Equal(
            holding.Select(type => type.Name).Order(StringComparer.Ordinal),
            KeyPasses.Of(null!, null!, null!).Select(pass => pass.Kind.Name).Order(StringComparer.Ordinal)
        );
    }

    private static Task<DataKeysRotated> Rotate(
        IServiceProvider services,
        Action<RotationProgress> report,
        CancellationToken cancellation = default
    ) => services.GetRequiredService<DataKeyRotation>().RunAsync(report, cancellation);

    private static async Task<bool> Both(IServiceProvider services, MasterKey next)
    {
        await services.GetRequiredService<MasterKeyRotation>().BeginAsync(next, default);
        return true;
    }

    private static async Task<(int Generation, bool IsRotating)> RingOf(IServiceProvider services)
    {
        var ring = (await services.GetRequiredService<KeyRingStore>().ReadAsync(default))!;
        return (ring.Generation, ring.IsRotating);
    }

    private static async Task<int> FoundBefore(IServiceProvider services, IReadOnlyList<string> tags)
    {
        var books = services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(LedgerBooks.Registry);
        string[] wanted = [.. tags];
        return await LedgerBooks
            .QueryLearnerBooks<IdentityClaim>(session)
            .Where(claim => claim.Id.IsOneOf(wanted))
            .CountAsync();
    }

    /// <summary>As a service does that lost its lock and still has the old keys.</summary>
    private static void WriteUnderOldKeys(IServiceProvider services)
    {
        var (books, keys) = (services.GetRequiredService<LedgerBooks>(), services.GetRequiredService<VaultKeys>());
        var old = new VaultKeys(keys.Master);
        old.Open(keys.Data with { Current = keys.Data.Before!, Before = null });
        using var session = books.Write(books.Learners[0], Actor.Bank);
        new IdentityVault(old, books).Enter(
            session,
            Api.Accounts.OpenAccountEndpoint.NewAccountId(),
            KeyScene.Person("s-late"),
            "迟到"
        );
        session.SaveChangesAsync().GetAwaiter().GetResult();
    }

    private static async Task<bool> Fill(IServiceProvider services, int count)
    {
        await services.GetRequiredService<KeyRingStore>().OpenAsync(default);
        var (books, vault) = (services.GetRequiredService<LedgerBooks>(), services.GetRequiredService<IdentityVault>());
        await using var connection = books.Store.Storage.Database.CreateConnection();
        await connection.OpenAsync();
        foreach (var numbers in Enumerable.Range(0, count).Chunk(10_000))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var batch = new RotationBatch(books, connection, transaction, books.Learners[0]);
            var people = numbers
                .Select(number =>
                    vault.Seal(
                        Api.Accounts.OpenAccountEndpoint.NewAccountId(),
                        KeyScene.Person($"many-{number}"),
                        $"学生 {number}"
                    )
                )
                .ToList();
            await batch.InsertAsync(
                people.Select(one => one.Person).GroupBy(person => books.BookOf(person.Id)),
                person => person.Id,
                default
            );
            await batch.InsertAsync(
                people.Select(one => one.Claim).GroupBy(claim => vault.BookOfIdentity(claim.Id)),
                claim => claim.Id,
                default
            );
            await transaction.CommitAsync();
        }

        return true;
    }

    private static async Task<IReadOnlyList<IdentityClaim?>> Found(IServiceProvider services, int count)
    {
        await services.GetRequiredService<KeyRingStore>().OpenAsync(default);
        var vault = services.GetRequiredService<IdentityVault>();
        var found = new List<IdentityClaim?>();
        for (var number = 0; number < count; number += Math.Max(1, count / 50))
        {
            found.Add(await vault.Find(KeyScene.Person($"many-{number}"), default));
        }

        return found;
    }

    /// <summary>The process of the database that holds a service's lock; none while nobody does.</summary>
    private static async Task<int?> HolderOf(KeyScene scene)
    {
        await using var source = NpgsqlDataSource.Create(scene.Settings.OwnerConnectionString!);
        await using var command = source.CreateCommand(
            """
            select pid from pg_locks where locktype = 'advisory' and mode = 'ShareLock'
            and database = (select oid from pg_database where datname = current_database())
            """
        );
        return await command.ExecuteScalarAsync() as int?;
    }

    private static async Task Sql(KeyScene scene, string sql)
    {
        await using var source = NpgsqlDataSource.Create(scene.Settings.OwnerConnectionString!);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
