using System.Globalization;
using CreditBank.Api.Infrastructure.Schema;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.KeyRotation;
using CreditBank.Postgres;
using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>Which keys.</summary>
public sealed class RotateKeysInput : NetCoreInput
{
    /// <summary><c>master</c> or <c>data</c>.</summary>
    [Description("master: the key outside of the database; data: the keys that wrap persons' keys and find identities")]
    public string Which { get; set; } = string.Empty;
}

/// <summary>Rotates the bank's keys; specs/runbooks/keys.md says when and in which order.</summary>
[Description("Put new keys in the place of the bank's master key or data keys", Name = "rotate-keys")]
public sealed class RotateKeysCommand : JasperFxAsyncCommand<RotateKeysInput>
{
    private const string Master = "master";
    private const string Data = "data";

    /// <inheritdoc/>
    public override Task<bool> Execute(RotateKeysInput input) =>
        Plainly.Run(async () =>
        {
            if (input.Which is not (Master or Data))
            {
                throw new StartRefusedException("rotate-keys master, or rotate-keys data.");
            }

            using var host = input.BuildHost();
            var services = host.Services;
            await services
                .GetServices<IHostedService>()
                .OfType<BookKeeping>()
                .Single()
                .OpenAsync(CancellationToken.None);
            Console.WriteLine(input.Which == Master ? await RotateMaster(services) : await RotateData(services));
            return true;
        });

    private static async Task<string> RotateMaster(IServiceProvider services)
    {
        await using var alone =
            await RotationLock.TryRotateAsync(ConnectionOf(services), CancellationToken.None)
            ?? throw new StartRefusedException("Another rotation runs on this database.");
        var rotation = services.GetRequiredService<MasterKeyRotation>();
        var options = StartOptions.Read(services.GetRequiredService<IConfiguration>());
        if (options.MasterKey is null)
        {
            var folder = Path.GetFullPath(options.DataFolder ?? PostgresFolders.DefaultData());
            return await rotation.RunAsync(folder, _ => { }, CancellationToken.None);
        }

        return await rotation.RunConfiguredAsync(options.ConfiguredNextMasterKey(), CancellationToken.None);
    }

    private static async Task<string> RotateData(IServiceProvider services)
    {
        await using var alone =
            await RotationLock.TryRotateAloneAsync(ConnectionOf(services), CancellationToken.None)
            ?? throw new StartRefusedException(
                "A service or another rotation runs on this database. Stop every service first: what it wrote "
                    + "meanwhile would be under the old keys."
            );
        var done = await services.GetRequiredService<DataKeyRotation>().RunAsync(Print, CancellationToken.None);
        var counts = done.Counts.Select(pair => Count(pair.Value, pair.Key));
        var unfound =
            done.UnfoundCount == 0
                ? string.Empty
                : $" {Count(done.UnfoundCount, "persons")} had no entry for their identity.";
        var seconds = (decimal)done.Taken.TotalSeconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Rotated {string.Join(", ", counts)} in {seconds:n1} s. The data keys are of generation "
                + $"{done.Generation}; those before are destroyed.{unfound}"
        );
    }

    private static string ConnectionOf(IServiceProvider services) =>
        services.GetRequiredService<DatabaseAccess>().Service;

    private static void Print(RotationProgress progress) =>
        Console.Error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{progress.What}: {progress.Done:n0} of {progress.Total:n0}, {progress.Rate:n0} a second, "
                    + $"{progress.SecondsLeft:n0} s left"
            )
        );

    private static string Count(long count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:n0} {what}");
}
