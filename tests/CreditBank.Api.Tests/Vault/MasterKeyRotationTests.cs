using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.KeyRotation;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Vault;

/// <summary>Another master key takes the present one's place; at no moment is a bank without a key.</summary>
public sealed class MasterKeyRotationTests
{
    [Fact]
    public async Task the_new_key_opens_everything_and_the_old_one_is_refused_without_being_shown()
    {
        var folder = Directory.CreateTempSubdirectory("creditbank-keys-").FullName;
        var old = MasterKeyFile.ReadOrCreate(folder);
        var oldText = (await File.ReadAllTextAsync(MasterKeyFile.PathIn(folder))).Trim();
        var scene = await KeyScene.Open(settings => settings with { Keys = old });

        var said = await scene.Stopped(services => Run(services, folder));

        Assert.Contains(old.Master.Name, said, StringComparison.Ordinal);
        Assert.DoesNotContain(oldText, said, StringComparison.Ordinal);
        Assert.Equal("master.key", Path.GetFileName(Assert.Single(Directory.GetFiles(folder))));
        if (!OperatingSystem.IsWindows())
        {
            var mode = File.GetUnixFileMode(MasterKeyFile.PathIn(folder));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        }

        scene.Settings = scene.Settings with { Keys = new VaultKeys(old.Master) };
        var refused = await Assert.ThrowsAsync<StartRefusedException>(scene.Start);
        Assert.Contains(old.Master.Name, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(oldText, refused.Message, StringComparison.Ordinal);
        scene.Settings = scene.Settings with { Keys = MasterKeyFile.Read(folder) };
        Assert.Contains(scene.Settings.Keys.Master.Name, refused.Message, StringComparison.Ordinal);
        await scene.Check();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task killed_after_any_step_the_file_that_is_there_opens_the_bank_and_a_second_run_ends_it()
    {
        var scene = await KeyScene.Open(settings => settings with { Keys = new VaultKeys(new byte[32]) });
        var folder = Directory.CreateTempSubdirectory("creditbank-keys-").FullName;
        await File.WriteAllTextAsync(MasterKeyFile.PathIn(folder), Convert.ToBase64String(new byte[32]));
        foreach (var last in Enum.GetValues<MasterKeyStep>())
        {
            var before = MasterKeyFile.Read(folder).Master.Name;
            await Assert.ThrowsAsync<KilledException>(() => scene.Stopped(services => Run(services, folder, last)));

            scene.Settings = scene.Settings with { Keys = MasterKeyFile.Read(folder) };
            await scene.Stopped(Opens);
            await scene.Stopped(services => Run(services, folder));

            scene.Settings = scene.Settings with { Keys = MasterKeyFile.Read(folder) };
            Assert.NotEqual(before, scene.Settings.Keys.Master.Name);
            Assert.Equal([scene.Settings.Keys.Master.Name], await scene.Stopped(Opens));
        }

        await scene.Check();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task with_a_configured_key_both_open_until_the_second_run()
    {
        var scene = await KeyScene.Open();
        var (old, next) = (scene.Settings.Keys.Master, new MasterKey([.. Enumerable.Repeat((byte)7, 32)]));
        scene.Settings = scene.Settings with { Keys = new VaultKeys(old) };
        var nothing = await Assert.ThrowsAsync<StartRefusedException>(() => Configured(scene, null));
        var same = await Assert.ThrowsAsync<StartRefusedException>(() => Configured(scene, old));
        await Configured(scene, next);
        Assert.Equal([old.Name, next.Name], await scene.Stopped(Opens));
        await Configured(scene, next);

        scene.Settings = scene.Settings with { Keys = new VaultKeys(next) };
        Assert.Equal([old.Name, next.Name], await scene.Stopped(Opens));
        await Configured(scene, null);

        Assert.Equal([next.Name], await scene.Stopped(Opens));
        Assert.Contains("MasterKeyNext", nothing.Message, StringComparison.Ordinal);
        Assert.Contains("the present one", same.Message, StringComparison.Ordinal);
        scene.Settings = scene.Settings with { Keys = new VaultKeys(old) };
        await Assert.ThrowsAsync<StartRefusedException>(() => scene.Stopped(Opens));
    }

    private static Task<string> Configured(KeyScene scene, MasterKey? next) =>
        scene.Stopped(services => services.GetRequiredService<MasterKeyRotation>().RunConfiguredAsync(next, default));

    private static Task<string> Run(IServiceProvider services, string folder, MasterKeyStep? killedAfter = null) =>
        services
            .GetRequiredService<MasterKeyRotation>()
            .RunAsync(
                folder,
                step =>
                {
                    if (step == killedAfter)
                    {
                        throw new KilledException();
                    }
                },
                default
            );

    /// <summary>The names of the master keys that open the ring, of which the bank's own is one.</summary>
    private static async Task<string[]> Opens(IServiceProvider services) =>
        [
            .. (await services.GetRequiredService<KeyRingStore>().OpenAsync(default)).Copies.Select(copy =>
                copy.MasterKeyName
            ),
        ];

    private sealed class KilledException : Exception;
}
