using System.Text.Json;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Notices;

namespace CreditBank.Api.KeyRotation;

/// <summary>A kind of documents that hold a wrapped key, and what a rotation does to them.</summary>
internal interface IKeyPass
{
    /// <summary>What they are, in words.</summary>
    string What { get; }

    /// <summary>Their type.</summary>
    Type Kind { get; }

    /// <summary>Rotates the next documents of a book.</summary>
    /// <param name="batch">The book and the transaction.</param>
    /// <param name="after">The last id of the batch before; empty at first.</param>
    /// <param name="count">The most to rotate.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<PassedBatch> NextAsync(RotationBatch batch, string after, int count, CancellationToken cancellation);
}

/// <summary>What a batch was.</summary>
/// <param name="Count">How many documents; 0 when there are no more.</param>
/// <param name="LastId">The last one's id.</param>
/// <param name="UnfoundCount">How many persons had no entry for their identity.</param>
internal readonly record struct PassedBatch(int Count, string LastId, int UnfoundCount = 0);

/// <summary>Documents whose wrapped key is all that changes.</summary>
internal sealed class WrappingPass<T>(VaultKeys keys, string what, Func<T, (string Id, byte[] Key)> read) : IKeyPass
{
    public string What => what;

    public Type Kind => typeof(T);

    public async Task<PassedBatch> NextAsync(
        RotationBatch batch,
        string after,
        int count,
        CancellationToken cancellation
    )
    {
        var stale = await batch.StaleAsync<T>(keys.Data.Current.Number, after, count, cancellation);
        var documents = stale.Select(read).ToList();
        await batch.ChangeAsync<T>(
            batch.Book,
            [.. documents.Select(document => document.Id)],
            [.. documents.Select(document => KeyChange.Of(keys.Rewrap(document.Key)))],
            cancellation
        );
        return new PassedBatch(documents.Count, documents.LastOrDefault().Id ?? after);
    }
}

/// <summary>The fields that a rotation changes where a document stays, as JSON.</summary>
/// <param name="WrappedKey">The key under the new wrapping key.</param>
/// <param name="NameTag">The name's new tag; none leaves it out.</param>
internal sealed record KeyChange(byte[] WrappedKey, string? NameTag)
{
    public static string Of(byte[] wrappedKey, string? nameTag = null) =>
        JsonSerializer.Serialize(new KeyChange(wrappedKey, nameTag), Ledger.LedgerJson.Options);
}

/// <summary>Every kind of documents that hold a wrapped key.</summary>
internal static class KeyPasses
{
    public static IReadOnlyList<IKeyPass> Of(
        VaultKeys keys,
        IdentityVault vault,
        Infrastructure.Storage.LedgerBooks books
    ) =>
        [
            new PersonPass(keys, vault),
            new SuspendedPass(keys, vault, books),
            new WrappingPass<EvidenceRecord>(keys, "pieces of evidence", record => (record.Id, record.WrappedKey)),
            new WrappingPass<Webhook>(keys, "webhooks", webhook => (webhook.Id, webhook.WrappedKey)),
        ];
}
