using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CreditBank.Kernel;

/// <summary>
/// Ids of accounts, outcomes, claims, transfers, awards, agreements and applications: <c>acc-7f-</c> and twenty characters. The two
/// hexadecimal digits are the bucket (0 to 255) that decides in which ledger book the thing lives; the rest is random,
/// or, for outcomes, derived from the issuer's own record id, so that arrival order changes nothing. Nothing in an id
/// tells who a person is.
/// </summary>
public static class LedgerId
{
    /// <summary>How many buckets there are. Fixed for the life of a ledger.</summary>
    public const int Buckets = 256;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private static readonly SearchValues<char> AlphabetCharacters = SearchValues.Create(Alphabet);
    private const int RandomCharacters = 20;
    private const int LengthTotal = 3 + 1 + 2 + 1 + RandomCharacters;

    // Half a surrogate pair would be written as U+FFFD, and two different keys would become one.
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>A new id from random bytes.</summary>
    /// <param name="kind">What it names.</param>
    /// <param name="bucket">0 to 255.</param>
    /// <param name="random">At least 13 bytes from a cryptographic source.</param>
    public static string Create(LedgerIdKind kind, int bucket, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, Buckets);
        ArgumentOutOfRangeException.ThrowIfLessThan(random.Length, 13);
        Span<char> text = stackalloc char[LengthTotal];
        Prefix(kind).CopyTo(text);
        text[3] = '-';
        bucket.TryFormat(text[4..], out _, "x2", CultureInfo.InvariantCulture);
        text[6] = '-';
        for (var i = 0; i < RandomCharacters; i++)
        {
            var bit = i * 5;
            var pair = (random[bit / 8] << 8) | random[bit / 8 + 1];
            text[7 + i] = Alphabet[(pair >> (11 - bit % 8)) & 31];
        }

        return new string(text);
    }

    /// <summary>The id of the outcome that an institution's own record is, in the bucket of its account.</summary>
    public static string Outcome(string accountId, string institutionId, string recordId) =>
        Create(LedgerIdKind.Outcome, BucketOf(accountId), Hash("outcome", institutionId, recordId));

    /// <summary>The bucket in which a key that must be unique across learners is claimed.</summary>
    public static int BucketOfKey(string kind, string key) => Hash(kind, key)[0];

    /// <summary>The bucket of an id.</summary>
    /// <exception cref="FormatException">The text is no id.</exception>
    public static int BucketOf(string id) =>
        TryRead(id, out _, out var bucket) ? bucket : throw new FormatException("Not a ledger id.");

    /// <summary>Whether the text is an id of that kind.</summary>
    public static bool Is(string? id, LedgerIdKind kind) => TryRead(id, out var found, out _) && found == kind;

    private static bool TryRead(string? id, out LedgerIdKind kind, out int bucket)
    {
        (kind, bucket) = (default, 0);
        if (id is null || id.Length != LengthTotal || id[3] != '-' || id[6] != '-')
        {
            return false;
        }

        var known = true;
        switch (id[..3])
        {
            case "acc":
                kind = LedgerIdKind.Account;
                break;
            case "out":
                kind = LedgerIdKind.Outcome;
                break;
            case "clm":
                kind = LedgerIdKind.Claim;
                break;
            case "trf":
                kind = LedgerIdKind.Transfer;
                break;
            case "rpl":
                kind = LedgerIdKind.PriorLearning;
                break;
            case "agr":
                kind = LedgerIdKind.Agreement;
                break;
            case "awd":
                kind = LedgerIdKind.Award;
                break;
            default:
                known = false;
                break;
        }

        return known
            && char.IsAsciiHexDigitLower(id[4])
            && char.IsAsciiHexDigitLower(id[5])
            && int.TryParse(id.AsSpan(4, 2), NumberStyles.HexNumber, null, out bucket)
            && !id.AsSpan(7).ContainsAnyExcept(AlphabetCharacters);
    }

    private static string Prefix(LedgerIdKind kind) =>
        kind switch
        {
            LedgerIdKind.Account => "acc",
            LedgerIdKind.Outcome => "out",
            LedgerIdKind.Claim => "clm",
            LedgerIdKind.Transfer => "trf",
            LedgerIdKind.Agreement => "agr",
            LedgerIdKind.Award => "awd",
            LedgerIdKind.PriorLearning => "rpl",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    /// <summary>SHA-256 over the parts, each behind its length, so that no two lists of parts run together.</summary>
    private static byte[] Hash(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = StrictUtf8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}

/// <summary>What a ledger id names.</summary>
public enum LedgerIdKind
{
    /// <summary>A person's account for life.</summary>
    Account,

    /// <summary>A learning outcome.</summary>
    Outcome,

    /// <summary>A certificate claim.</summary>
    Claim,

    /// <summary>A credit transfer.</summary>
    Transfer,

    /// <summary>A learning agreement.</summary>
    Agreement,

    /// <summary>A conferred award.</summary>
    Award,

    /// <summary>An application for recognition of prior learning.</summary>
    PriorLearning,
}
