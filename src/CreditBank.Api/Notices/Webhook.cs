using NodaTime;

namespace CreditBank.Api.Notices;

/// <summary>Where an institution wants its notices sent. In the registry book.</summary>
public sealed class Webhook
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>Where to: <c>https</c>; <c>http</c> in the trial mode only.</summary>
    public required string Url { get; init; }

    /// <summary>What is sent: of <see cref="NoticeTypes.All"/>; empty means all.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The key its secret is sealed with, wrapped by the vault's.</summary>
    public required byte[] WrappedKey { get; set; }

    /// <summary>The secret that signs, sealed.</summary>
    public required byte[] SealedSecret { get; set; }

    /// <summary>When it was registered.</summary>
    public required Instant RegisteredAt { get; init; }

    /// <summary>Why nothing is sent any more: <c>removed</c> or <c>gone</c>; none while it is in use.</summary>
    public string? Ended { get; set; }

    /// <summary>Whether it wants notices of a type.</summary>
    public bool Wants(string type) => Ended is null && (Types.Count == 0 || Types.Contains(type));
}

/// <summary>One notice on its way to one webhook. In the registry book.</summary>
public sealed class Delivery
{
    /// <summary>The webhook and the event: <see cref="IdOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The webhook.</summary>
    public required string WebhookId { get; init; }

    /// <summary>The notice.</summary>
    public required string NoticeId { get; init; }

    /// <summary>One of <see cref="DeliveryStates"/>.</summary>
    public required string State { get; set; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>What the last try got: an HTTP status, or what kept it from getting one.</summary>
    public string? LastResult { get; set; }

    /// <summary>When it was last tried.</summary>
    public Instant? TriedAt { get; set; }

    /// <summary>The instant of the event and the event: lists show the oldest first.</summary>
    public required string Place { get; init; }

    /// <summary>The id of a delivery.</summary>
    public static string IdOf(string webhookId, Guid eventId) => $"{webhookId}/{eventId:n}";
}

/// <summary>The states of a delivery.</summary>
public static class DeliveryStates
{
    /// <summary>It is tried until it is taken, or too often.</summary>
    public const string Pending = "pending";

    /// <summary>The receiver took it.</summary>
    public const string Delivered = "delivered";

    /// <summary>It was tried as often as the schedule says; a replay tries again.</summary>
    public const string Dead = "dead";

    /// <summary>All states.</summary>
    public static readonly IReadOnlyList<string> All = [Pending, Delivered, Dead];
}
