using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using NodaTime;

namespace CreditBank.Api.Notices;

/// <summary>
/// Tries to deliver a notice: a durable message, tried again later when the receiver does not take it.
/// </summary>
/// <param name="DeliveryId">The delivery.</param>
public sealed record DeliverNotice(string DeliveryId);

/// <summary>Delivers notices.</summary>
public static class DeliverNoticeHandler
{
    /// <summary>The purpose a webhook's secret is sealed for.</summary>
    public const string SecretPurpose = "webhook";

    /// <summary>
    /// The wait before each further try, as Standard Webhooks recommends: three days in all. After the last one the
    /// delivery is dead.
    /// </summary>
    public static readonly IReadOnlyList<Duration> Waits =
    [
        Duration.FromSeconds(5),
        Duration.FromMinutes(5),
        Duration.FromMinutes(30),
        Duration.FromHours(2),
        Duration.FromHours(5),
        Duration.FromHours(10),
        Duration.FromHours(14),
        Duration.FromHours(20),
        Duration.FromHours(24),
    ];

    /// <summary>
    /// One try. What was delivered or given up is left alone, so a message that comes twice does nothing; a crash
    /// between sending and committing sends again, under the same <c>webhook-id</c>.
    /// </summary>
    public static async Task Handle(
        DeliverNotice message,
        LedgerBooks books,
        IdentityVault vault,
        WebhookSender sender,
        LaterMessages later,
        IClock clock,
        CancellationToken cancellation
    )
    {
        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        var delivery = await session.LoadAsync<Delivery>(message.DeliveryId, cancellation);
        if (delivery is not { State: DeliveryStates.Pending })
        {
            return;
        }

        var webhook = await session.LoadAsync<Webhook>(delivery.WebhookId, cancellation);
        var notice = await session.LoadAsync<Notice>(delivery.NoticeId, cancellation);
        if (webhook is null or { Ended: not null } || notice is null)
        {
            delivery.State = DeliveryStates.Dead;
            delivery.LastResult = webhook?.Ended ?? "gone";
        }
        else
        {
            var secret = vault.Keys.Open(webhook.WrappedKey, webhook.SealedSecret, SecretPurpose + webhook.Id);
            var now = clock.GetCurrentInstant();
            var result = await sender.Send(webhook.Url, secret, notice, now, cancellation);
            Note(delivery, webhook, result, now);
            session.Store(webhook);
        }

        session.Store(delivery);
        if (delivery.State == DeliveryStates.Pending)
        {
            await later.Schedule(session, message, clock.GetCurrentInstant() + Waits[delivery.Attempts - 1]);
        }

        await session.SaveChangesAsync(cancellation);
    }

    /// <summary>What a try changes. Pure but for the two documents.</summary>
    internal static void Note(Delivery delivery, Webhook webhook, SendResult result, Instant now)
    {
        delivery.Attempts++;
        delivery.LastResult = result.Text;
        delivery.TriedAt = now;
        delivery.State =
            result.IsTaken ? DeliveryStates.Delivered
            : result.IsGone || delivery.Attempts > Waits.Count ? DeliveryStates.Dead
            : DeliveryStates.Pending;
        if (result.IsGone)
        {
            webhook.Ended = "gone";
        }
    }
}
