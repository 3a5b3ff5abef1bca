using CreditBank.Api.Accounts;
using CreditBank.Api.Statistics;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;

namespace CreditBank.Api.Composition;

/// <summary>
/// The projections that look at every event of a book, fed by one reading: the reading costs more than most of what
/// they do with it, and each reading more is taken from those who append.
/// </summary>
internal sealed class EveryEvent : IProjection
{
    /// <summary>The name under which their progress is kept.</summary>
    public const string ProjectionName = "EveryEvent";

    private readonly IProjection[] projections = [new OutcomeStatisticsProjection(), new BroughtForwardProjection()];

    public static void Register(StoreOptions options) =>
        options.Projections.Add(
            new EveryEvent(),
            ProjectionLifecycle.Async,
            ProjectionName,
            async =>
            {
                async.DeleteViewTypeOnTeardown<OutcomeStatistics>();
                async.DeleteViewTypeOnTeardown<BroughtForward>();
            }
        );

    /// <inheritdoc/>
    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        foreach (var projection in projections)
        {
            await projection.ApplyAsync(operations, events, cancellation);
        }
    }
}
