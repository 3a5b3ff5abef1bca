using CreditBank.Ledger.Journal;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CreditBank.Api.Accounts;

/// <summary>
/// An account's balances as the asynchronous projection keeps them: one small document an account, in its book. An
/// account on which no credit ever moved has none.
/// </summary>
public sealed class AccountBalances : Balances
{
    /// <summary>The account; also the stream's key.</summary>
    public string Id { get; set; } = string.Empty;

    /// <summary>The version in the stream of the last event that moved credit and is in the sums.</summary>
    public long Version { get; set; }
}

/// <summary>Adds up what moves credit; events that move none are not even read.</summary>
public sealed partial class AccountBalancesProjection : SingleStreamProjection<AccountBalances, string>
{
    /// <summary>The name under which its progress is kept.</summary>
    public const string ProjectionName = "AccountBalances";

    /// <summary>Names the events that are read.</summary>
    public AccountBalancesProjection()
    {
        Name = ProjectionName;
        foreach (var type in DoubleEntry.MovingTypes)
        {
            IncludeType(type);
        }
    }

    /// <inheritdoc/>
    public override AccountBalances? Evolve(AccountBalances? snapshot, string id, IEvent e)
    {
        var balances = snapshot ?? new AccountBalances { Id = id };
        balances.Add(e.Data);
        return balances;
    }
}
