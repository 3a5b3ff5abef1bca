using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.Transfers;

/// <summary>What this feature keeps.</summary>
internal static class TransfersModule
{
    public static void Register(StoreOptions options)
    {
        options.Projections.Snapshot<Transfer>(SnapshotLifecycle.Inline);
        options
            .Schema.For<Transfer>()
            .Index(transfer => new
            {
                transfer.InstitutionId,
                transfer.State,
                transfer.Place,
            })
            .Index(transfer => transfer.AccountId)
            .Index(transfer => new { transfer.AppealState, transfer.AppealPlace });
        options.Schema.For<ProposalDocument>();
        options.Schema.For<RequestDocument>();
    }

    public static void Register(IServiceCollection services) => services.AddSingleton<TransferDesk>();
}
