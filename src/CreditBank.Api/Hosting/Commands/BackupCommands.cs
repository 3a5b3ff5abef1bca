using CreditBank.Api.Composition;
using CreditBank.Api.Hosting.Backup;
using CreditBank.Postgres;
using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>Which backup.</summary>
public sealed class BackupInput
{
    /// <summary>The folder of the backup.</summary>
    [Description("The folder of the backup")]
    public string Folder { get; set; } = string.Empty;
}

/// <summary>Backs up the embedded database with its keys; the service may run.</summary>
[Description("Back up the embedded database, its keys and last checkpoints; the service may run", Name = "backup")]
public sealed class BackupCommand : JasperFxAsyncCommand<BackupInput>
{
    /// <inheritdoc/>
    public override Task<bool> Execute(BackupInput input) =>
        Plainly.Run(async () =>
        {
            using var loggers = LoggerFactory.Create(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
            var log = loggers.CreateLogger<BackupCommand>();
            Console.WriteLine(
                await DataBackup.WriteAsync(DataFolderOf("backup"), input.Folder, log, CancellationToken.None)
            );
            return true;
        });

    /// <summary>The data folder of the embedded database.</summary>
    /// <exception cref="StartRefusedException">A server of the operator's own is configured.</exception>
    internal static string DataFolderOf(string command)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        if (Database.Configured(configuration) is not null)
        {
            throw new StartRefusedException(
                $"{command} is for the embedded database. A server of your own has its own tools: "
                    + "specs/runbooks/backup-and-restore.md says which."
            );
        }

        return Path.GetFullPath(StartOptions.Read(configuration).DataFolder ?? PostgresFolders.DefaultData());
    }
}

/// <summary>Puts a backup in the place of what the data folder holds; the service must be stopped.</summary>
[Description("Restore a backup into the data folder; what is there is kept aside", Name = "restore")]
public sealed class RestoreCommand : JasperFxAsyncCommand<BackupInput>
{
    /// <inheritdoc/>
    public override Task<bool> Execute(BackupInput input) =>
        Plainly.Run(() =>
        {
            Console.WriteLine(
                DataBackup.Restore(
                    Path.GetFullPath(input.Folder),
                    BackupCommand.DataFolderOf("restore"),
                    Service.Clock.GetCurrentInstant(),
                    CancellationToken.None
                )
            );
            return Task.FromResult(true);
        });
}
