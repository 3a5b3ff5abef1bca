using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.Accounts;

/// <summary>What this feature keeps.</summary>
internal static class AccountsModule
{
    public static void Register(StoreOptions options)
    {
        options
            .Schema.For<BroughtForward>()
            .Index(
                sums => new
                {
                    sums.AccountId,
                    sums.LatestMicroseconds,
                    sums.LastVersion,
                },
                index => index.Name = "broughtforward_idx_past"
            );
        options.Projections.LiveStreamAggregation<Account>();
        options.Projections.Add(new AccountBalancesProjection(), ProjectionLifecycle.Async);
    }
}
