using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.Accounts;

/// <summary>What this feature keeps.</summary>
internal static class AccountsModule
{
    public static void Register(StoreOptions options)
    {
        options.Projections.LiveStreamAggregation<Account>();
        options.Projections.Add(new AccountBalancesProjection(), ProjectionLifecycle.Async);
    }
}
