using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Storage;
using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>Where to export to.</summary>
public sealed class ExportInput : NetCoreInput
{
    /// <summary>An empty folder.</summary>
    [Description("An empty folder, or one that is not there yet")]
    public string Folder { get; set; } = string.Empty;
}

/// <summary>Writes the audit logs into a folder that creditbank-verify checks.</summary>
[Description("Write everything that was signed into a folder, for creditbank-verify", Name = "export")]
public sealed class ExportCommand : JasperFxAsyncCommand<ExportInput>
{
    /// <inheritdoc/>
    public override async Task<bool> Execute(ExportInput input)
    {
        if (Directory.Exists(input.Folder) && Directory.EnumerateFileSystemEntries(input.Folder).Any())
        {
            throw new StartRefusedException($"{input.Folder} is not empty.");
        }

        using var host = input.BuildHost();
        await host
            .Services.GetServices<IHostedService>()
            .OfType<BookKeeping>()
            .Single()
            .StartingAsync(CancellationToken.None);
        var manifest = await host
            .Services.GetRequiredService<LogExport>()
            .WriteAsync(
                input.Folder,
                (log, done, size) => Console.WriteLine($"{log}: {done:n0} of {size:n0} events"),
                CancellationToken.None
            );
        Console.WriteLine($"{manifest.Logs.Sum(log => log.Size):n0} leaves of {manifest.Logs.Count} logs.");
        return manifest.Logs.Count > 0;
    }
}
