using System.Buffers;
using System.Security.Cryptography;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using Marten;

namespace CreditBank.Api.Evidence;

/// <summary>Seals evidence while it arrives, and opens it part by part.</summary>
public sealed class EvidenceStore(LedgerBooks books, VaultKeys keys)
{
    /// <summary>The most bytes of a piece of evidence, inclusive: 20 MiB.</summary>
    public const int BytesMax = 20 * 1024 * 1024;

    private const string KeyKind = "evidence";
    private const int PartBytes = 1024 * 1024;

    /// <summary>Whether a text can be a SHA-256 as evidence is named: 64 lower-case hexadecimal digits.</summary>
    public static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The book of a piece of evidence.</summary>
    public string BookOf(string sha256) => books.BookOfKey(KeyKind, sha256);

    /// <summary>Which of these were uploaded.</summary>
    public async Task<IReadOnlySet<string>> Known(IEnumerable<string> hashes, CancellationToken cancellation)
    {
        var known = new HashSet<string>();
        foreach (var book in hashes.Distinct().GroupBy(BookOf))
        {
            await using var session = books.Read(book.Key);
            var wanted = book.ToArray();
            known.UnionWith(
                await session
                    .Query<EvidenceRecord>()
                    .Where(record => record.Id.IsOneOf(wanted))
                    .Select(record => record.Id)
                    .ToListAsync(cancellation)
            );
        }

        return known;
    }

    /// <summary>
    /// Reads a body to its end and seals it a part at a time; the whole is never held in the clear.
    /// </summary>
    /// <param name="sha256">What the caller says it is.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>None when the body is over <see cref="BytesMax"/>.</returns>
    public async Task<SealedEvidence?> Seal(string sha256, Stream body, CancellationToken cancellation)
    {
        var wrapped = keys.NewWrappedKey();
        List<EvidencePart> parts = [];
        var total = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            int read;
            while (
                (read = await body.ReadAtLeastAsync(buffer.AsMemory(0, PartBytes), PartBytes, false, cancellation)) > 0
            )
            {
                total += read;
                if (total > BytesMax)
                {
                    return null;
                }

                var part = buffer.AsMemory(0, read);
                hash.AppendData(part.Span);
                var id = EvidencePart.IdOf(sha256, parts.Count);
                parts.Add(new EvidencePart { Id = id, Sealed = keys.SealBytes(wrapped, part.Span, id) });
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        var record = new EvidenceRecord
        {
            Id = sha256,
            Bytes = total,
            WrappedKey = wrapped,
            Parts = parts.Count,
        };
        return new SealedEvidence(record, parts, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>
    /// Destroys a piece of evidence and its key within the session's commit. Its hash stays cited; the same bytes can
    /// be uploaded again.
    /// </summary>
    public async Task Destroy(IDocumentSession session, string sha256, CancellationToken cancellation)
    {
        var book = session.ForTenant(BookOf(sha256));
        if (await book.LoadAsync<EvidenceRecord>(sha256, cancellation) is not { } record)
        {
            return;
        }

        book.Delete<EvidenceRecord>(sha256);
        for (var number = 0; number < record.Parts; number++)
        {
            book.Delete<EvidencePart>(EvidencePart.IdOf(sha256, number));
        }
    }

    /// <summary>Writes a piece of evidence in the clear.</summary>
    /// <returns>False, and nothing written, when it is not there.</returns>
    public async Task<bool> Open(string sha256, Func<EvidenceRecord, Stream> begin, CancellationToken cancellation)
    {
        await using var session = books.Read(BookOf(sha256));
        if (await session.LoadAsync<EvidenceRecord>(sha256, cancellation) is not { } record)
        {
            return false;
        }

        var to = begin(record);
        for (var number = 0; number < record.Parts; number++)
        {
            var id = EvidencePart.IdOf(sha256, number);
            var part =
                await session.LoadAsync<EvidencePart>(id, cancellation)
                ?? throw new InvalidOperationException($"Evidence {id} has lost a part.");
            await to.WriteAsync(keys.OpenBytes(record.WrappedKey, part.Sealed, id), cancellation);
        }

        return true;
    }
}

/// <summary>Evidence that was read and sealed, but not stored yet.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Parts">Its parts, in order.</param>
/// <param name="Sha256">What its bytes really are.</param>
public sealed record SealedEvidence(EvidenceRecord Record, IReadOnlyList<EvidencePart> Parts, string Sha256);
