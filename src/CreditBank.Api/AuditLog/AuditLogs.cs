using System.Security.Cryptography;
using System.Text;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger.Audit;

namespace CreditBank.Api.AuditLog;

/// <summary>Which logs there are and who signs them: one for each book, and one over all of them.</summary>
public sealed class AuditLogs(LedgerBooks books, AuditLogSettings settings)
{
    /// <summary>The log whose entries are the checkpoints of the books' logs.</summary>
    public const string Top = "top";

    /// <summary>How long a seed is.</summary>
    public const int SeedBytes = 32;

    private readonly Dictionary<string, IReadOnlyList<NoteSigner>> signers = [];

    /// <summary>How the log runs.</summary>
    public AuditLogSettings Settings => settings;

    /// <summary>The books' logs, by the book's name.</summary>
    public IReadOnlyList<string> Books => books.All;

    /// <summary>Every log, the top one last.</summary>
    public IReadOnlyList<string> All => [.. books.All, Top];

    /// <summary>What names a log in its checkpoints; it has no year (rulings 9).</summary>
    public string OriginOf(string log) => $"{settings.BankName}/{log}";

    /// <summary>Whether there is such a log.</summary>
    public bool Has(string log) => log == Top || books.All.Contains(log);

    /// <summary>The keys of a log, the current one first; each log has its own.</summary>
    public IReadOnlyList<NoteSigner> SignersOf(string log)
    {
        lock (signers)
        {
            if (!signers.TryGetValue(log, out var found))
            {
                found =
                [
                    .. settings.Seeds.Select(seed =>
                        NoteSigner.FromSeed(OriginOf(log), NoteKeyType.Ed25519, SeedOf(log, seed.Span))
                    ),
                ];
                signers.Add(log, found);
            }

            return found;
        }
    }

    /// <summary>The public halves of a log's keys.</summary>
    public IReadOnlyList<Vkey> KeysOf(string log) => [.. SignersOf(log).Select(signer => signer.Vkey)];

    /// <summary>
    /// A policy may name a key once only (C2SP tlog-policy), so each log's is derived: HKDF, RFC 5869.
    /// </summary>
    private byte[] SeedOf(string log, ReadOnlySpan<byte> seed)
    {
        var derived = new byte[SeedBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, derived, [], Encoding.UTF8.GetBytes(OriginOf(log)));
        return derived;
    }
}
