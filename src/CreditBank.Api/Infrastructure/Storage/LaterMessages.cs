using Marten;
using NodaTime;
using Wolverine;
using Wolverine.Marten;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Keeps messages to this service for later, as part of a session's commit: both are there or neither.
/// </summary>
public sealed class LaterMessages(IServiceScopeFactory scopes, IClock clock)
{
    /// <summary>
    /// The shortest wait. Storage goes by the machine's clock; when that is ahead of ours, a message that came early is
    /// put off again and again.
    /// </summary>
    private static readonly Duration WaitMin = Duration.FromSeconds(10);

    /// <summary>Has the service handle a message at an instant or soon after, also after a restart.</summary>
    public Task Schedule(IDocumentSession session, object message, Instant at)
    {
        var wait = Duration.Max(at - clock.GetCurrentInstant(), WaitMin).ToTimeSpan();
        return Keep(session, outbox => outbox.ScheduleAsync(message, wait));
    }

    /// <summary>Has the service handle a message right after the session's commit, also after a restart.</summary>
    public Task Send(IDocumentSession session, object message) => Keep(session, outbox => outbox.PublishAsync(message));

    private async Task Keep(IDocumentSession session, Func<IMartenOutbox, ValueTask> give)
    {
        await using var scope = scopes.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<IMartenOutbox>();
        outbox.Enroll(session);
        await give(outbox);
    }
}
