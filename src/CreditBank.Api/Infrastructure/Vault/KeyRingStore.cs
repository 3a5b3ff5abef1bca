using System.Security.Cryptography;
using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Storage;
using JasperFx;
using Marten;

namespace CreditBank.Api.Infrastructure.Vault;

/// <summary>Reads and writes the ring of the bank's own keys.</summary>
public sealed class KeyRingStore(LedgerBooks books, VaultKeys keys)
{
    /// <summary>
    /// Opens the ring with the master key, so that the vault can be used. A bank without a ring gets one.
    /// </summary>
    /// <exception cref="StartRefusedException">The master key is not this bank's.</exception>
    public async Task<KeyRing> OpenAsync(CancellationToken cancellation)
    {
        var ring = await ReadAsync(cancellation) ?? await CreateAsync(cancellation);
        keys.Open(Unseal(ring, keys.Master));
        return ring;
    }

    /// <summary>The ring, sealed; none in a bank that was never started with this release.</summary>
    public async Task<KeyRing?> ReadAsync(CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        return await session.LoadAsync<KeyRing>(KeyRing.Key, cancellation);
    }

    /// <summary>Writes the vault's keys, sealed under these master keys alone, and proves that each opens.</summary>
    internal async Task WriteAsync(DataKeys data, IReadOnlyList<MasterKey> masters, CancellationToken cancellation)
    {
        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        session.Store(RingOf(data, masters));
        await session.SaveChangesAsync(cancellation);
        var written = (await ReadAsync(cancellation))!;
        foreach (var master in masters)
        {
            RequireOpens(written, master);
        }

        keys.Open(data);
    }

    /// <summary>Whether a master key opens the ring.</summary>
    /// <exception cref="StartRefusedException">It does not.</exception>
    internal static void RequireOpens(KeyRing ring, MasterKey master) => Unseal(ring, master);

    private static KeyRing RingOf(DataKeys data, IReadOnlyList<MasterKey> masters) =>
        new()
        {
            Copies = [.. masters.Select(master => new SealedRing(master.Name, master.Seal(data)))],
            Generation = data.Current.Number,
            IsRotating = data.Before is not null,
        };

    private async Task<KeyRing> CreateAsync(CancellationToken cancellation)
    {
        var first = keys.Master.FirstKeys();
        await RequireOwnAsync(first, cancellation);
        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        var ring = RingOf(first, [keys.Master]);
        session.Insert(ring);
        try
        {
            await session.SaveChangesAsync(cancellation);
            return ring;
        }
        catch (DocumentAlreadyExistsException)
        {
            // Another server of the same bank was quicker.
            return (await ReadAsync(cancellation))!;
        }
    }

    /// <summary>A bank from before there were rings shows by its persons which master key it has.</summary>
    private async Task RequireOwnAsync(DataKeys first, CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var person = await LedgerBooks.QueryLearnerBooks<Person>(session).FirstOrDefaultAsync(cancellation);
        try
        {
            if (person is not null)
            {
                WrappedKey.Unwrap(first, person.WrappedKey);
            }
        }
        catch (CryptographicException)
        {
            throw new StartRefusedException(
                $"The master key that was given ({keys.Master.Name}) is not this bank's: it opens nobody in the "
                    + "vault. Give the bank's own, or restore it from your backup."
            );
        }
    }

    private static DataKeys Unseal(KeyRing ring, MasterKey master) =>
        ring.Copies.FirstOrDefault(copy => copy.MasterKeyName == master.Name) is { } copy
            ? master.Open(copy.SealedKeys)
            : throw new StartRefusedException(
                $"The master key that was given ({master.Name}) does not open this bank's keys. They are sealed under "
                    + string.Join(" and ", ring.Copies.Select(one => one.MasterKeyName))
                    + ". Give that one, or restore it from your backup; specs/runbooks/keys.md says more."
            );
}
