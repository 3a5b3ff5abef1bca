using CreditBank.Api.Claims;
using CreditBank.Api.LearningAgreements;
using CreditBank.Api.PriorLearning;
using CreditBank.Api.Transfers;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Notices;

/// <summary>An event that somebody may be told of, as it is stored.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Name">Its stored name.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="OutcomeId">
/// The outcome it is about, or the transfer whose lines went to another account; none where it is about none.
/// </param>
/// <param name="RecordedAt">When it was recorded.</param>
public sealed record ToldEvent(Guid EventId, string Name, string StreamId, string? OutcomeId, Instant RecordedAt)
{
    /// <summary>The award it is about; none where it is about none.</summary>
    public string? AwardId { get; init; }

    /// <summary>The institution that the event itself names: whose award, outcome or programme it is.</summary>
    public string? NamedId { get; init; }

    /// <summary>Its place in its stream.</summary>
    public long Version { get; init; }

    /// <summary>The institutions that had granted credit for the outcome, when it changed.</summary>
    public IReadOnlyList<string> GranterIds { get; init; } = [];
}

/// <summary>Whom the subject of an event concerns.</summary>
/// <param name="AccountId">The learner's account; none where an institution changed.</param>
/// <param name="ReceiverId">The receiving institution, or the one that changed; none where there is none.</param>
/// <param name="IssuerIds">The issuers of what is in play, or who else has a stake.</param>
/// <param name="ProviderId">The provider that claimed; none when the learner did.</param>
public sealed record Concerned(
    string? AccountId,
    string? ReceiverId = null,
    IReadOnlyList<string>? IssuerIds = null,
    string? ProviderId = null
)
{
    /// <summary>Whom a transfer concerns.</summary>
    public static Concerned By(Transfer transfer) =>
        new(transfer.AccountId, transfer.InstitutionId, transfer.IssuerIds);

    /// <summary>Whom an application for recognition of prior learning concerns.</summary>
    public static Concerned By(Portfolio portfolio) => new(portfolio.AccountId, portfolio.InstitutionId);

    /// <summary>Whom a learning agreement concerns.</summary>
    public static Concerned By(LearningAgreement agreement) => new(agreement.AccountId, agreement.InstitutionId);

    /// <summary>Whom a claim concerns.</summary>
    public static Concerned By(CertificateClaim claim) =>
        new(claim.AccountId, null, [claim.Submitted.Certificate.IssuerId], claim.ProviderId);
}

/// <summary>Who is told of what. Pure.</summary>
public static class NoticeRules
{
    /// <summary>The notices of an event: one for each recipient; none for an event nobody is told of.</summary>
    public static IEnumerable<Notice> Of(ToldEvent told, Concerned concerned) =>
        NoticeTypes.ByEvent.TryGetValue(told.Name, out var rule)
            ? RecipientsOf(rule.Audience, concerned, told)
                .Distinct()
                .Select(recipient => For(told, rule.Type, recipient))
            : [];

    /// <summary>Whether the event's stream alone does not say whom it concerns.</summary>
    public static bool NeedsStakeholders(ToldEvent told) => told.Name == Erasure;

    /// <summary>Whether institutions that had granted credit for the outcome are told.</summary>
    public static bool NeedsGranters(ToldEvent told) =>
        NoticeTypes.ByEvent.TryGetValue(told.Name, out var rule) && rule.Audience.HasFlag(Audience.Granters);

    /// <summary>Where notices of an instant begin in a list.</summary>
    public static string PlaceOf(Instant recordedAt) => Places.Format(recordedAt);

    private static readonly InstantPattern Places = InstantPattern.CreateWithInvariantCulture(
        "uuuu-MM-dd'T'HH:mm:ss.ffffff'Z'"
    );

    private static IEnumerable<string> RecipientsOf(Audience audience, Concerned concerned, ToldEvent told)
    {
        if (audience.HasFlag(Audience.Learner) && concerned.AccountId is { } learner)
        {
            yield return learner;
        }

        if (audience.HasFlag(Audience.Receiver) && (told.NamedId ?? concerned.ReceiverId) is { } receiver)
        {
            yield return receiver;
        }

        if (audience.HasFlag(Audience.Provider) && concerned.ProviderId is { } provider)
        {
            yield return provider;
        }

        foreach (var issuer in audience.HasFlag(Audience.Issuers) ? concerned.IssuerIds ?? [] : [])
        {
            yield return issuer;
        }

        foreach (var granter in audience.HasFlag(Audience.Granters) ? told.GranterIds : [])
        {
            yield return granter;
        }
    }

    private static Notice For(ToldEvent told, string type, string recipient) =>
        new()
        {
            Id = Notice.IdOf(told.EventId, recipient),
            EventId = told.EventId,
            RecipientId = recipient,
            Type = type,
            SubjectId = SubjectOf(told),
            RecordedAt = told.RecordedAt,
            Place = $"{PlaceOf(told.RecordedAt)} {told.EventId:n}",
        };

    /// <summary>An erasure leads to nobody; an institution's stream is named after it.</summary>
    private static string SubjectOf(ToldEvent told) =>
        told.Name == Erasure
            ? told.EventId.ToString("n")
            : told.AwardId ?? told.OutcomeId ?? told.StreamId.Split('/')[^1];

    private const string Erasure = "person_erased";
}
