using CreditBank.Kernel;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// How the 256 buckets were dealt to books when the ledger was first created. Written once; a later change of the
/// configured number has no effect on it, so that no account ever moves by accident.
/// </summary>
public sealed class BookPlan
{
    /// <summary>The only plan's key, in the registry book.</summary>
    public const string Key = "plan";

    /// <summary>Always <see cref="Key"/>.</summary>
    public string Id { get; init; } = Key;

    /// <summary>The learners' books, in order.</summary>
    public required IReadOnlyList<string> Books { get; init; }

    /// <summary>The index into <see cref="Books"/> for each bucket.</summary>
    public required IReadOnlyList<int> Buckets { get; init; }

    /// <summary>Deals the buckets round robin.</summary>
    /// <param name="count">1 to 256 books.</param>
    public static BookPlan Deal(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, LedgerId.Buckets);
        return new BookPlan
        {
            Books = [.. Enumerable.Range(0, count).Select(index => $"book{index:d2}")],
            Buckets = [.. Enumerable.Range(0, LedgerId.Buckets).Select(bucket => bucket % count)],
        };
    }

    /// <summary>The book of a bucket, 0 to 255.</summary>
    public string BookOfBucket(int bucket) => Books[Buckets[bucket]];
}
