using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Journal;
using NodaTime;

namespace CreditBank.Api.Accounts;

/// <summary>
/// What an account had at the foot of a page of its stream: the sums of everything up to that version, in the
/// account's book. The first page's foot is the first that is kept: most accounts never get there.
/// </summary>
public sealed class BroughtForward : Balances
{
    private static readonly HashSet<Type> Read = [.. DoubleEntry.MovingTypes, .. EventCatalogue.StandingAlone];

    /// <summary>The account and the version: <c>acc-7f-…/64</c>.</summary>
    public string Id { get; set; } = string.Empty;

    /// <summary>The account.</summary>
    public string AccountId { get; set; } = string.Empty;

    /// <summary>The version of the last event that was taken in: the foot of a <see cref="StreamPage"/>.</summary>
    public long LastVersion { get; set; }

    /// <summary>
    /// The latest instant at which one of all these events was recorded, in microseconds since 1970. Transactions that
    /// overlap may have begun in the other order, so it need not be that of the last one.
    /// </summary>
    public long LatestMicroseconds { get; set; }

    /// <summary>Whether an event is the last of its page.</summary>
    /// <param name="streamKey">Its stream; only accounts have pages.</param>
    /// <param name="version">Its place in the stream, from 1.</param>
    public static bool IsFoot(string streamKey, long version) =>
        StreamPage.IsFoot(version) && LedgerId.Is(streamKey, LedgerIdKind.Account);

    /// <summary>The key of what is brought forward from a version.</summary>
    public static string KeyOf(string accountId, long version) => $"{accountId}/{version}";

    /// <summary>Whether an event is taken in: it moves credit, tells when a transaction was, or is a foot.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="version">Its place in the stream.</param>
    public static bool Reads(Type type, long version) => StreamPage.IsFoot(version) || Read.Contains(type);

    /// <summary>Takes the next event in.</summary>
    /// <param name="data">The event; none when it moves no credit.</param>
    /// <param name="version">Its place in the stream.</param>
    /// <param name="recordedAt">When it was recorded.</param>
    public void Take(object? data, long version, Instant recordedAt)
    {
        LastVersion = version;
        LatestMicroseconds = Math.Max(LatestMicroseconds, StoredInstant.ToMicroseconds(recordedAt));
        if (data is not null)
        {
            Add(data);
        }
    }

    /// <summary>The sums as they are now, to be kept while these go on.</summary>
    public BroughtForward Copy()
    {
        var copy = new BroughtForward
        {
            Id = KeyOf(AccountId, LastVersion),
            AccountId = AccountId,
            LastVersion = LastVersion,
            LatestMicroseconds = LatestMicroseconds,
        };
        copy.Add(this);
        return copy;
    }
}
