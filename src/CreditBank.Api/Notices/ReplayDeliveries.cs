using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Notices;

/// <summary>Has notices sent again.</summary>
public sealed record ReplayDeliveries
{
    /// <summary>Events from this instant on, inclusive.</summary>
    public required Instant Since { get; init; }

    /// <summary>Whether also those that were delivered are sent again; the dead ones only unless it says so.</summary>
    public bool? IncludeDelivered { get; init; }
}

/// <summary>How much is sent again.</summary>
/// <param name="Deliveries">The number of notices; at most 1,000 at a time, the oldest first.</param>
public sealed record ReplayedBody(int Deliveries);

/// <summary>Sends notices again.</summary>
public static class ReplayDeliveriesEndpoint
{
    private const int DeliveriesMax = 1_000;

    /// <summary>
    /// Sends again what a webhook missed, under the same <c>webhook-id</c>: up to 1,000 notices a call, the oldest
    /// first.
    /// </summary>
    [WolverinePost("/v1/institutions/{institutionId}/webhooks/{webhookId}/replays", OperationId = "replayDeliveries")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "webhook.unknown")]
    [ProducesResponseType<ReplayedBody>(StatusCodes.Status202Accepted)]
    public static async Task<IResult> Post(
        string institutionId,
        string webhookId,
        ReplayDeliveries command,
        HttpContext http,
        LedgerBooks books,
        LaterMessages later,
        CancellationToken cancellation
    )
    {
        if (WebhookAccess.Refuse(http.Caller(), institutionId) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        await using var session = books.Write(LedgerBooks.Registry, http.Actor());
        if (await WebhookAccess.Find(session, institutionId, webhookId, cancellation) is not { } webhook)
        {
            return Answers.Refused(AccessRefusals.Unknown("webhook"));
        }

        string[] states =
            command.IncludeDelivered == true ? [DeliveryStates.Dead, DeliveryStates.Delivered] : [DeliveryStates.Dead];
        var from = NoticeRules.PlaceOf(command.Since);
        var again = await session
            .Query<Delivery>()
            .Where(delivery => delivery.WebhookId == webhookId && delivery.State.IsOneOf(states))
            .Where(delivery => delivery.Place.CompareTo(from) >= 0)
            .OrderBy(delivery => delivery.Place)
            .Take(DeliveriesMax)
            .ToListAsync(cancellation);
        foreach (var delivery in again)
        {
            (delivery.State, delivery.Attempts) = (DeliveryStates.Pending, 0);
            session.Store(delivery);
            await later.Send(session, new DeliverNotice(delivery.Id));
        }

        webhook.Ended = null;
        session.Store(webhook);
        await session.SaveChangesAsync(cancellation);
        return TypedResults.Accepted((string?)null, new ReplayedBody(again.Count));
    }
}
