using System.Net;
using CreditBank.Api.AuditLog;
using CreditBank.Api.Hosting;
using CreditBank.Api.Hosting.Backup;
using CreditBank.Api.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace CreditBank.Api.Tests.Hosting;

/// <summary>A backup of the embedded database while it runs, and what the service says after an older state.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task a_backup_of_a_running_service_is_restored_and_the_older_state_is_noticed()
    {
        var root = Root();
        var (data, backup) = (Path.Combine(root, "data"), Path.Combine(root, "backup"));
        string early;
        string late;
        await using (var before = await Embedded.StartAsync(data))
        {
            early = await before.OpenAccountAsync("E1000001");
            await before.SealAsync();
            await DataBackup.WriteAsync(data, backup, NullLogger.Instance, default);
            late = await before.OpenAccountAsync("E1000002");
            await before.SealAsync();
        }

        var said = DataBackup.Restore(backup, data, Instant.FromUtc(2026, 1, 2, 3, 4), default);

        Assert.Contains("signed after the backup", said, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(data, "cluster.replaced-20260102T030400Z")));
        await using (var after = await Embedded.StartAsync(data))
        {
            Assert.Equal(HttpStatusCode.OK, await after.StatusOfAsync(early));
            Assert.Equal(HttpStatusCode.NotFound, await after.StatusOfAsync(late));
            await after.SealAsync();
            var health = await after.Service.Anonymous().Get("/health/ready");
            Assert.Contains("audit.log.rolledBack", health.Text, StringComparison.Ordinal);
            Assert.Contains("degraded", health.Text, StringComparison.Ordinal);

            // What comes now makes the log longer than it was, and it is still not the one that was signed.
            await after.OpenAccountAsync("E1000003");
            await after.OpenAccountAsync("E1000004");
            await after.SealAsync();
            health = await after.Service.Anonymous().Get("/health/ready");
            Assert.Contains("audit.log.", health.Text, StringComparison.Ordinal);
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task a_backup_restored_into_a_new_folder_is_whole_and_signs_on()
    {
        var root = Root();
        var (data, backup, other) = (Path.Combine(root, "d"), Path.Combine(root, "b"), Path.Combine(root, "o"));
        string account;
        await using (var before = await Embedded.StartAsync(data))
        {
            account = await before.OpenAccountAsync("E2000001");
            await before.SealAsync();
        }

        await DataBackup.WriteAsync(data, backup, NullLogger.Instance, default);
        await Assert.ThrowsAsync<StartRefusedException>(() =>
            DataBackup.WriteAsync(data, backup, NullLogger.Instance, default)
        );
        DataBackup.Restore(backup, other, Instant.FromUtc(2026, 1, 2, 3, 4), default);
        await using (var after = await Embedded.StartAsync(other))
        {
            Assert.Equal(HttpStatusCode.OK, await after.StatusOfAsync(account));
            await after.OpenAccountAsync("E2000002");
            await after.SealAsync();
            var health = await after.Service.Anonymous().Get("/health/ready");
            Assert.DoesNotContain("degraded", health.Text, StringComparison.Ordinal);
        }

        await File.AppendAllTextAsync(Path.Combine(backup, "master.key"), "x");
        var refused = Assert.Throws<StartRefusedException>(() =>
            DataBackup.Restore(backup, Path.Combine(root, "n"), Instant.FromUtc(2026, 1, 2, 3, 4), default)
        );
        Assert.Contains("master.key", refused.Message, StringComparison.Ordinal);
        Directory.Delete(root, recursive: true);
    }

    /// <summary>A folder that PostgreSQL's user may pass through, also where the tests run as root.</summary>
    private static string Root()
    {
        var root = Directory.CreateTempSubdirectory("creditbank-backup-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            File.SetUnixFileMode(root, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return root;
    }

    /// <summary>A service on an embedded database of its own, as the program starts it.</summary>
    private sealed class Embedded : IAsyncDisposable
    {
        private readonly Database database;

        private Embedded(Database database, TestService service) => (this.database, Service) = (database, service);

        public TestService Service { get; }

        public static async Task<Embedded> StartAsync(string folder)
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([new("CreditBank:DataFolder", folder), new("CreditBank:Books", "2")])
                .Build();
            var options = StartOptions.Read(configuration);
            var database = await Database.OpenAsync(configuration, options, NullLogger.Instance, default);
            var service = await TestService.StartAsync(settings =>
                settings with
                {
                    ConnectionString = database.ConnectionString,
                    OwnerConnectionString = database.OwnerConnectionString,
                    Keys = database.Keys,
                    AuditLog = database.AuditLog,
                    Embedded = database.Embedded,
                    Books = options.BookSettings,
                }
            );
            return new Embedded(database, service);
        }

        public async Task<string> OpenAccountAsync(string passport)
        {
            var body = new { identity = new { type = "passport", number = passport }, name = "Li Si" };
            var reply = await Service.As("operator").Post("/v1/accounts", body);
            return reply.Expect(HttpStatusCode.Created).Json["accountId"]!.GetValue<string>();
        }

        public async Task<HttpStatusCode> StatusOfAsync(string accountId) =>
            (await Service.As("operator").Get($"/v1/accounts/{accountId}")).Status;

        public Task SealAsync() => Service.Services.GetRequiredService<AuditLogWorker>().CatchUpAsync(default);

        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
