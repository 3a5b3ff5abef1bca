using Marten;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Gives events ids that grow with time (UUID version 7, RFC 9562) in place of random ones, so that events of one time
/// are found together by their ids. An id says no more than the event's instant does.
/// </summary>
internal sealed class EventIds : DocumentSessionListenerBase
{
    /// <inheritdoc/>
    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        foreach (var @event in session.PendingChanges.Streams().SelectMany(stream => stream.Events))
        {
            @event.Id = Guid.CreateVersion7();
        }

        return Task.CompletedTask;
    }
}
