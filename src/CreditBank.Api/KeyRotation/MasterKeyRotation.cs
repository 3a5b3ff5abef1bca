using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Vault;

namespace CreditBank.Api.KeyRotation;

/// <summary>
/// Puts another master key in the place of the one that seals the ring. Nothing else is sealed by it, so that a bank
/// of any size changes its master key with two writes of one row; between them both keys open it.
/// </summary>
public sealed class MasterKeyRotation(KeyRingStore rings, VaultKeys keys)
{
    /// <summary>Seals the ring under the present and the next master key, and proves that both open it.</summary>
    /// <exception cref="StartRefusedException">They are the same, or the present one is not this bank's.</exception>
    public async Task BeginAsync(MasterKey next, CancellationToken cancellation)
    {
        await rings.OpenAsync(cancellation);
        if (next.Name == keys.Master.Name)
        {
            throw new StartRefusedException("The next master key is the present one. Make another.");
        }

        await rings.WriteAsync(keys.Data, [keys.Master, next], cancellation);
    }

    /// <summary>Seals the ring under one master key alone.</summary>
    /// <param name="remaining">A key that opens the ring.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartRefusedException">It does not open the ring.</exception>
    public async Task EndAsync(MasterKey remaining, CancellationToken cancellation)
    {
        KeyRingStore.RequireOpens((await rings.ReadAsync(cancellation))!, remaining);
        await rings.WriteAsync(keys.Data, [remaining], cancellation);
    }

    /// <summary>
    /// A step of the way where the key is configured. With a next key both open the bank from then on; without one the
    /// configured key alone does. Services may run.
    /// </summary>
    /// <returns>What was done, and what is to do, in words.</returns>
    /// <exception cref="StartRefusedException">There is nothing to begin and nothing to end.</exception>
    public async Task<string> RunConfiguredAsync(MasterKey? next, CancellationToken cancellation)
    {
        if (next is not null)
        {
            await BeginAsync(next, cancellation);
            return $"Both {keys.Master.Name} and {next.Name} open this bank. Set CreditBank__MasterKey to the next key "
                + "on every server, remove CreditBank__MasterKeyNext, start the servers anew, and run rotate-keys "
                + "master once more: it ends what the old key can do.";
        }

        var ring = await rings.OpenAsync(cancellation);
        if (ring.Copies.Count == 1)
        {
            throw new StartRefusedException(
                $"{keys.Master.Name} alone opens this bank already. To begin a rotation set CreditBank__MasterKeyNext."
            );
        }

        await EndAsync(keys.Master, cancellation);
        return $"{keys.Master.Name} opens this bank, and no other key does.";
    }

    /// <summary>
    /// The whole way where the key lies in a file: the next key beside it, the ring under both, the new file in the
    /// old one's place, the ring under the new one alone. Killed anywhere, the file that is there opens the bank, and
    /// running it again ends it.
    /// </summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="reached">Told after each step.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was done, in words.</returns>
    internal async Task<string> RunAsync(string folder, Action<MasterKeyStep> reached, CancellationToken cancellation)
    {
        var (file, nextFile) = (MasterKeyFile.PathIn(folder), MasterKeyFile.NextPathIn(folder));
        var ring = await rings.OpenAsync(cancellation);
        if (ring.Copies.Count > 1 && !File.Exists(nextFile))
        {
            await EndAsync(keys.Master, cancellation);
            return $"The rotation that was begun is ended: {keys.Master.Name} opens this bank, and no other key does.";
        }

        var next = new MasterKey(KeyFile.ReadOrCreate(nextFile));
        reached(MasterKeyStep.Written);
        await BeginAsync(next, cancellation);
        reached(MasterKeyStep.BothOpen);
        File.Move(nextFile, file, overwrite: true);
        reached(MasterKeyStep.InPlace);
        await EndAsync(new MasterKey(KeyFile.Read(file)), cancellation);
        return $"The master key {keys.Master.Name} is replaced by {next.Name}, in {file}. The old one opens nothing "
            + "any more but backups from before.";
    }
}

/// <summary>How far a rotation of the master key is.</summary>
internal enum MasterKeyStep
{
    /// <summary>The next key lies beside the present one.</summary>
    Written,

    /// <summary>Both open the ring.</summary>
    BothOpen,

    /// <summary>The next key's file is in the present one's place.</summary>
    InPlace,
}
