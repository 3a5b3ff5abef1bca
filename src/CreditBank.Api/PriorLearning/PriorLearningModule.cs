using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.PriorLearning;

/// <summary>What this feature keeps.</summary>
internal static class PriorLearningModule
{
    public static void Register(StoreOptions options)
    {
        options.Projections.Snapshot<Portfolio>(SnapshotLifecycle.Inline);
        options
            .Schema.For<Portfolio>()
            .Index(portfolio => portfolio.Place)
            .Index(portfolio => portfolio.InstitutionId)
            .Index(portfolio => portfolio.AccountId);
    }

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<PortfolioAnswers>();
        services.AddSingleton<PriorLearningDesk>();
    }
}
