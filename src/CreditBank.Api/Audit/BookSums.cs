using System.Data.Common;
using System.Text.Json;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger;

namespace CreditBank.Api.Audit;

/// <summary>
/// What the events of one book say: the balances of its accounts, and the sums of the stretches of their streams.
/// </summary>
internal sealed class BookSums
{
    private readonly Dictionary<string, AccountBalances> accounts = [];
    private readonly Dictionary<string, BalanceSegment> segments = [];

    /// <summary>Accounts on which credit moved and that were not compared yet.</summary>
    public int AccountCount => accounts.Count;

    /// <summary>Adds an event that moves credit to its account.</summary>
    public void AddToAccount(in MovingEvent read)
    {
        if (!accounts.TryGetValue(read.StreamId!, out var balances))
        {
            balances = new AccountBalances { Id = read.StreamId! };
            accounts.Add(read.StreamId!, balances);
        }

        balances.Add(read.Data!);
        balances.Version = read.Version;
    }

    /// <summary>Adds an event to the stretch it lies in, if it lies in one that is kept.</summary>
    public void AddToSegment(in MovingEvent read)
    {
        if (read.StreamId is null || BalanceSegment.KeyOf(read.StreamId, read.Version) is not { } key)
        {
            return;
        }

        if (!segments.TryGetValue(key, out var segment))
        {
            segment = new BalanceSegment { Id = key };
            segments.Add(key, segment);
        }

        segment.Add(read.Data, read.Version, read.RecordedAt);
    }

    /// <summary>Compares a document with what the events say, and is done with it.</summary>
    /// <param name="kept">The document: progress twice, its kind, id, content and version.</param>
    /// <param name="comparison">Hears of it.</param>
    public void CompareTo(DbDataReader kept, BalanceComparison comparison)
    {
        var (id, content) = (kept.GetString(3), kept.GetString(4));
        if (kept.GetInt32(2) == 0)
        {
            var stored = JsonSerializer.Deserialize<AccountBalances>(content, LedgerJson.Options)!;
            stored.Version = kept.GetInt64(5);
            accounts.Remove(id, out var recomputed);
            comparison.Compare(id, stored, recomputed);
        }
        else
        {
            segments.Remove(id, out var recomputed);
            comparison.Compare(id, JsonSerializer.Deserialize<BalanceSegment>(content, LedgerJson.Options), recomputed);
        }
    }

    /// <summary>Compares what storage keeps nothing of.</summary>
    public void CompareRest(BalanceComparison comparison)
    {
        foreach (var (accountId, recomputed) in accounts)
        {
            comparison.Compare(accountId, null, recomputed);
        }

        foreach (var (key, recomputed) in segments)
        {
            comparison.Compare(key, null, recomputed);
        }
    }
}
