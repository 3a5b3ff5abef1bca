using System.Data.Common;
using System.Text.Json;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger;

namespace CreditBank.Api.Audit;

/// <summary>
/// What the events of one book say: the balances of its accounts, and what the pages of their streams bring
/// forward.
/// </summary>
internal sealed class BookSums
{
    private readonly Dictionary<string, AccountBalances> accounts = [];
    private readonly Dictionary<string, BroughtForward> running = [];
    private readonly Dictionary<string, BroughtForward> pages = [];

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

    /// <summary>Adds an event to what its account's pages bring forward.</summary>
    public void AddToPages(in MovingEvent read)
    {
        if (read.StreamId is not { } accountId)
        {
            return;
        }

        if (!running.TryGetValue(accountId, out var sums))
        {
            sums = new BroughtForward { AccountId = accountId };
            running.Add(accountId, sums);
        }

        sums.Take(read.Data, read.Version, read.RecordedAt);
        if (BroughtForward.IsFoot(accountId, read.Version))
        {
            var page = sums.Copy();
            pages.Add(page.Id, page);
        }
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
            pages.Remove(id, out var recomputed);
            comparison.Compare(id, JsonSerializer.Deserialize<BroughtForward>(content, LedgerJson.Options), recomputed);
        }
    }

    /// <summary>Compares what storage keeps nothing of.</summary>
    public void CompareRest(BalanceComparison comparison)
    {
        foreach (var (accountId, recomputed) in accounts)
        {
            comparison.Compare(accountId, null, recomputed);
        }

        foreach (var (key, recomputed) in pages)
        {
            comparison.Compare(key, null, recomputed);
        }
    }
}
