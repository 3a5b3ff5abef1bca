using System.Globalization;
using System.Text;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel.Identifiers;
using Marten;

namespace CreditBank.Api.Claims;

/// <summary>
/// Says that a certificate is claimed, in the book of its number's own bucket. The number stands here only as a keyed
/// hash.
/// </summary>
public sealed class ClaimedCertificate
{
    /// <summary>The keyed hash of issuer and number.</summary>
    public required string Id { get; init; }

    /// <summary>The claim that has it.</summary>
    public required string ClaimId { get; init; }
}

/// <summary>
/// Says which claim a claimant's record id is, in the book of the key's own bucket, so that the same claim sent again
/// is found for ever.
/// </summary>
public sealed class ClaimedRecordId
{
    /// <summary>The keyed hash of claimant and record id.</summary>
    public required string Id { get; init; }

    /// <summary>The claim.</summary>
    public required string ClaimId { get; init; }

    /// <summary>The keyed hash of what was claimed, for whom.</summary>
    public required string ContentTag { get; init; }
}

/// <summary>What must be unique across learners, and where it is claimed (rulings 2).</summary>
public sealed class ClaimKeys(VaultKeys keys, LedgerBooks books)
{
    private const string CertificateKind = "certificate";
    private const string RecordKind = "claim-record";
    private const char Between = '\n';

    /// <summary>The key of a certificate. Case, width, white space and separators of the number do not count.</summary>
    public string OfCertificate(string issuerId, string number) =>
        keys.LookupTag(string.Join(Between, CertificateKind, issuerId, Folded(number)));

    /// <summary>The key of a claimant's record id.</summary>
    /// <param name="claimant">The provider, or the account of a learner who claims.</param>
    /// <param name="recordId">The claimant's own id.</param>
    public string OfRecord(string claimant, string recordId) =>
        keys.LookupTag(string.Join(Between, RecordKind, claimant, recordId));

    /// <summary>The book of <see cref="ClaimedCertificate"/>.</summary>
    public string BookOfCertificate(string key) => books.BookOfKey(CertificateKind, key);

    /// <summary>The book of <see cref="ClaimedRecordId"/>.</summary>
    public string BookOfRecord(string key) => books.BookOfKey(RecordKind, key);

    /// <summary>The tag of what is claimed and for whom; evidence in any order.</summary>
    public string ContentOf(string accountId, ClaimCertificate command) =>
        keys.ContentTag(
            string.Join(
                Between,
                accountId,
                command.KindOrDefault,
                Folded(command.Certificate.Number),
                command.Certificate.Code,
                command.Certificate.Title,
                command.Certificate.Level?.Text,
                command.Certificate.IssuerId,
                command.Certificate.IssuedOn.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
                command.Certificate.ValidUntil?.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
                string.Join(',', command.EvidenceOrNone.Select(item => item.Sha256).Order(StringComparer.Ordinal))
            )
        );

    /// <summary>
    /// Claims a certificate within the session's commit. From an earlier claim, whose person was erased, it passes to
    /// this one; of two that want it at once the second fails.
    /// </summary>
    public void Claim(IDocumentSession session, string key, string claimId, string? earlierClaimId)
    {
        var book = session.ForTenant(BookOfCertificate(key));
        if (earlierClaimId is not null)
        {
            // Only from that one: what another claim got meanwhile stays, and the insertion fails.
            book.DeleteWhere<ClaimedCertificate>(claimed => claimed.Id == key && claimed.ClaimId == earlierClaimId);
        }

        book.Insert(new ClaimedCertificate { Id = key, ClaimId = claimId });
    }

    /// <summary>
    /// Makes a certificate free for another claim within the session's commit, or gives it back to the earlier one.
    /// </summary>
    public void Free(IDocumentSession session, string issuerId, string number, string? earlierClaimId)
    {
        var key = OfCertificate(issuerId, number);
        var book = session.ForTenant(BookOfCertificate(key));
        if (earlierClaimId is null)
        {
            book.Delete<ClaimedCertificate>(key);
        }
        else
        {
            book.Store(new ClaimedCertificate { Id = key, ClaimId = earlierClaimId });
        }
    }

    private static string Folded(string number)
    {
        var folded = new StringBuilder(number.Length);
        foreach (var rune in CompatibilityText.Decompose(number))
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                folded.Append(Rune.ToUpperInvariant(rune));
            }
        }

        return folded.ToString();
    }
}
