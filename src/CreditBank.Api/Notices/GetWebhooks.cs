using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Notices;

/// <summary>A webhook; its secret is not shown.</summary>
/// <param name="WebhookId">Its id.</param>
/// <param name="Url">Where notices are sent.</param>
/// <param name="Types">What is sent; empty means everything.</param>
/// <param name="RegisteredAt">When it was registered.</param>
/// <param name="Ended">Why nothing is sent any more: <c>gone</c> when the receiver answered 410.</param>
public sealed record WebhookBody(
    string WebhookId,
    string Url,
    IReadOnlyList<string> Types,
    Instant RegisteredAt,
    string? Ended
);

/// <summary>A notice on its way.</summary>
/// <param name="EventId">The event it tells of; <c>webhook-id</c> is <c>msg_</c> and this.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c> or <c>dead</c>.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LastResult">What the last try got: an HTTP status, or what kept it from getting one.</param>
/// <param name="TriedAt">When it was last tried.</param>
public sealed record DeliveryBody(string EventId, string State, int Attempts, string? LastResult, Instant? TriedAt);

/// <summary>Shows and removes webhooks.</summary>
public static class WebhooksEndpoint
{
    /// <summary>An institution's webhooks, by id.</summary>
    [WolverineGet("/v1/institutions/{institutionId}/webhooks", OperationId = "listWebhooks")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "institution.unknown")]
    [AsksPage]
    [ProducesResponseType<PageBody<WebhookBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetMany(
        string institutionId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (
            (
                WebhookAccess.Refuse(http.Caller(), institutionId)
                ?? await WebhookAccess.UnknownAsync(books, institutionId, cancellation)
            ) is
            { } refusal
        )
        {
            return Answers.Refused(refusal);
        }

        if (!Page.TryRead(http, out var page, out var wrong))
        {
            return wrong;
        }

        var after = page.After ?? string.Empty;
        await using var session = books.Read(LedgerBooks.Registry);
        var found = await session
            .Query<Webhook>()
            .Where(webhook => webhook.InstitutionId == institutionId && webhook.Ended != "removed")
            .Where(webhook => webhook.Id.CompareTo(after) > 0)
            .OrderBy(webhook => webhook.Id)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(
            http,
            found,
            webhook => webhook.Id,
            webhook => new WebhookBody(webhook.Id, webhook.Url, webhook.Types, webhook.RegisteredAt, webhook.Ended)
        );
    }

    /// <summary>Nothing more is sent to a webhook. What was on its way is given up.</summary>
    [WolverineDelete("/v1/institutions/{institutionId}/webhooks/{webhookId}", OperationId = "removeWebhook")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "webhook.unknown")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public static async Task<IResult> Delete(
        string institutionId,
        string webhookId,
        HttpContext http,
        LedgerBooks books,
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

        webhook.Ended = "removed";
        session.Store(webhook);
        await session.SaveChangesAsync(cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>What was sent to a webhook and what became of it, the oldest event first.</summary>
    [WolverineGet("/v1/institutions/{institutionId}/webhooks/{webhookId}/deliveries", OperationId = "listDeliveries")]
    [Refuses(400, "query.state")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "webhook.unknown")]
    [Asks("state", "A state: pending, delivered or dead.")]
    [AsksPage]
    [ProducesResponseType<PageBody<DeliveryBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetDeliveries(
        string institutionId,
        string webhookId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (WebhookAccess.Refuse(http.Caller(), institutionId) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (!Page.TryRead(http, out var page, out var wrong))
        {
            return wrong;
        }

        var state = http.Request.Query["state"].FirstOrDefault();
        if (state is not null && !DeliveryStates.All.Contains(state))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "query.state", StateText);
        }

        await using var session = books.Read(LedgerBooks.Registry);
        if (await WebhookAccess.Find(session, institutionId, webhookId, cancellation) is null)
        {
            return Answers.Refused(AccessRefusals.Unknown("webhook"));
        }

        var after = page.After ?? string.Empty;
        var found = session.Query<Delivery>().Where(delivery => delivery.WebhookId == webhookId);
        if (state is not null)
        {
            found = found.Where(delivery => delivery.State == state);
        }

        var part = await found
            .Where(delivery => delivery.Place.CompareTo(after) > 0)
            .OrderBy(delivery => delivery.Place)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(http, part, delivery => delivery.Place, BodyOf);
    }

    private static DeliveryBody BodyOf(Delivery delivery) =>
        new(
            delivery.Id[(delivery.Id.IndexOf('/', StringComparison.Ordinal) + 1)..],
            delivery.State,
            delivery.Attempts,
            delivery.LastResult,
            delivery.TriedAt
        );

    private static readonly BilingualText StateText = new(
        $"state 应为以下之一：{string.Join(", ", DeliveryStates.All)}。",
        $"state must be one of: {string.Join(", ", DeliveryStates.All)}."
    );
}
