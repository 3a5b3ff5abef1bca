using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Kernel;
using FluentValidation;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Notices;

/// <summary>Registers where an institution's notices are sent.</summary>
public sealed record RegisterWebhook
{
    /// <summary>An address with <c>https</c>, without user and password; 1 to 2,000 characters.</summary>
    public required string Url { get; init; }

    /// <summary>What is sent, such as <c>transfer.submitted</c>; missing means everything.</summary>
    public IReadOnlyList<string>? Types { get; init; }
}

/// <summary>A webhook, with its secret: shown this once.</summary>
/// <param name="WebhookId">Its id.</param>
/// <param name="Url">Where notices are sent.</param>
/// <param name="Types">What is sent; empty means everything.</param>
/// <param name="Secret">Signs what is sent (Standard Webhooks); it is not shown again.</param>
public sealed record RegisteredWebhookBody(string WebhookId, string Url, IReadOnlyList<string> Types, string Secret);

/// <summary>Registers webhooks.</summary>
public static class RegisterWebhookEndpoint
{
    private const int UrlLengthMax = 2_000;
    private const int WebhooksMax = 10;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<RegisterWebhook>
    {
        /// <summary>The rules.</summary>
        public Validator(DeploymentMode mode)
        {
            RuleFor(command => command.Url)
                .Must(url => IsAddress(url, mode.IsTrial))
                .Says(
                    "webhook.url",
                    "须为不含用户名和密码的 https 地址。",
                    "Must be an https address without user and password."
                );
            RuleForEach(command => command.Types).OneOf(NoticeTypes.All);
        }

        private static bool IsAddress(string? url, bool isTrial) =>
            url is { Length: > 0 and <= UrlLengthMax }
            && Uri.TryCreate(url, UriKind.Absolute, out var address)
            && address.UserInfo.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || (isTrial && address.Scheme == Uri.UriSchemeHttp));
    }

    /// <summary>
    /// A registry or provider says where its institution's notices are sent, signed as Standard Webhooks has it. The
    /// secret is in this answer and nowhere else.
    /// </summary>
    [WolverinePost("/v1/institutions/{institutionId}/webhooks", OperationId = "registerWebhook")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "institution.unknown")]
    [Refuses(409, "webhook.tooMany")]
    [ProducesResponseType<RegisteredWebhookBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        string institutionId,
        RegisterWebhook command,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        IClock clock,
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

        await using var session = books.Write(LedgerBooks.Registry, http.Actor());
        var standing = await session
            .Query<Webhook>()
            .CountAsync(webhook => webhook.InstitutionId == institutionId && webhook.Ended == null, cancellation);
        if (standing >= WebhooksMax)
        {
            return Answers.Refused(TooMany);
        }

        var id = "whk-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));
        var (secret, key) = (WebhookSigning.NewSecret(), vault.Keys.NewWrappedKey());
        var webhook = new Webhook
        {
            Id = id,
            InstitutionId = institutionId,
            Url = command.Url,
            Types = command.Types ?? [],
            WrappedKey = key,
            SealedSecret = vault.Keys.Seal(key, secret, DeliverNoticeHandler.SecretPurpose + id),
            RegisteredAt = clock.GetCurrentInstant(),
        };
        session.Insert(webhook);
        await session.SaveChangesAsync(cancellation);
        return Answers.Created(
            $"/v1/institutions/{institutionId}/webhooks/{id}",
            new RegisteredWebhookBody(id, webhook.Url, webhook.Types, secret)
        );
    }

    private static readonly Refusal TooMany = new(
        "webhook.tooMany",
        RefusalKind.Conflict,
        new BilingualText(
            $"每个机构至多 {WebhooksMax} 个接收地址。",
            $"An institution has at most {WebhooksMax} webhooks; remove one first."
        )
    )
    {
        State = "full",
    };
}

/// <summary>Who may see and change webhooks.</summary>
internal static class WebhookAccess
{
    /// <summary>Nothing for a registry or provider of the institution.</summary>
    public static Refusal? Refuse(Caller caller, string institutionId) =>
        caller.Lacks(CallerRoles.Registry, CallerRoles.Provider)
        ?? (
            caller.Is(CallerRoles.Registry, institutionId) || caller.Is(CallerRoles.Provider, institutionId)
                ? null
                : AccessRefusals.Institution
        );

    /// <summary>A token may name an institution that is registered nowhere: 404. Nothing when it is.</summary>
    public static async Task<Refusal?> UnknownAsync(
        LedgerBooks books,
        string institutionId,
        CancellationToken cancellation
    ) =>
        await InstitutionReading.FindAsync(books, institutionId, cancellation) is null
            ? AccessRefusals.Unknown("institution")
            : null;

    /// <summary>The webhook, when it is the institution's and was not removed.</summary>
    public static async Task<Webhook?> Find(
        IQuerySession session,
        string institutionId,
        string webhookId,
        CancellationToken cancellation
    ) =>
        await session.LoadAsync<Webhook>(webhookId, cancellation) is { Ended: not "removed" } webhook
        && webhook.InstitutionId == institutionId
            ? webhook
            : null;
}
