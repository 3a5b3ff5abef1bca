using CreditBank.Api.Infrastructure.Vault;

namespace CreditBank.Api.Transcripts;

/// <summary>What a batch of rows becomes: decided, not written yet.</summary>
internal sealed class BatchPlan
{
    /// <summary>What became of each row, in order.</summary>
    public List<RowResult> Results { get; } = [];

    /// <summary>Accounts that open with the batch.</summary>
    public List<NewAccount> Opened { get; } = [];

    /// <summary>
    /// Events to append, by account. A sorted order keeps two writers from waiting for each other in a circle.
    /// </summary>
    public SortedDictionary<string, AccountAppend> Appends { get; } = new(StringComparer.Ordinal);

    /// <summary>Claims by id; those of records that were never seen have version 0.</summary>
    public SortedDictionary<string, RecordClaim> Claims { get; } = new(StringComparer.Ordinal);

    /// <summary>Records to suspend, by claim; the newest revision of each.</summary>
    public SortedDictionary<string, CheckedRow> Suspended { get; } = new(StringComparer.Ordinal);

    /// <summary>Records that are suspended no longer: the person's tag, by claim.</summary>
    public SortedDictionary<string, string> Resumed { get; } = new(StringComparer.Ordinal);

    /// <summary>The results by status.</summary>
    public RowCounts Counts { get; set; } = RowCounts.None;

    /// <summary>People of the batch for whom records waited before it.</summary>
    public HashSet<string> WaitingPeople { get; set; } = [];

    /// <summary>How many events are appended.</summary>
    public int EventsTotal => Appends.Values.Sum(append => append.Events.Count);

    /// <summary>Whether it is nothing but new records for accounts that are there.</summary>
    public bool IsPlain =>
        Opened.Count == 0
        && Suspended.Count == 0
        && Resumed.Count == 0
        && Appends.Values.All(append => append.DecidedAt is null)
        && Claims.Values.All(claim => claim.Version == 0);

    /// <summary>Leaves out what stays suspended as it is.</summary>
    public void DropUnchanged()
    {
        foreach (var claimId in Suspended.Keys)
        {
            Claims.Remove(claimId);
        }

        Suspended.Clear();
    }

    /// <summary>The events of an account.</summary>
    public AccountAppend To(string accountId)
    {
        if (!Appends.TryGetValue(accountId, out var append))
        {
            Appends.Add(accountId, append = new AccountAppend());
        }

        return append;
    }
}

/// <summary>Events for one account.</summary>
internal sealed class AccountAppend
{
    public List<object> Events { get; } = [];

    /// <summary>The version a correction was decided on; none where a deposit needs none.</summary>
    public long? DecidedAt { get; set; }
}

/// <summary>An account that opens with a record.</summary>
internal sealed record NewAccount(string AccountId, PersonIdentity Identity, string? Name);
