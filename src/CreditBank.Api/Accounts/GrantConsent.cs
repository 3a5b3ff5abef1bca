using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Institutions;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>Allows an institution to see an account.</summary>
public sealed record GrantConsent
{
    /// <summary>Who may see it.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>What may be seen: <c>outcomes</c> or <c>account</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The first day, inclusive; missing means today, in Shanghai.</summary>
    public LocalDate? From { get; init; }

    /// <summary>The day it ends, exclusive; missing means until withdrawn.</summary>
    public LocalDate? To { get; init; }
}

/// <summary>Gives consents.</summary>
public static class GrantConsentEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<GrantConsent>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.InstitutionId).Slug();
            RuleFor(command => command.Scope).OneOf(ConsentScopes.All);
            RuleFor(command => command.From)
                .Must(from => from is null || from >= BankCalendar.EarliestOn)
                .Says("field.period", "日期早于 1900 年。", "The day is before 1900.");
            RuleFor(command => command.To)
                .Must((command, to) => to is null || command.From is null || to > command.From)
                .Says("field.period", "结束日须晚于开始日。", "The end must be after the start.");
        }
    }

    /// <summary>The learner allows an institution to see the account, or its outcomes only.</summary>
    [WolverinePost("/v1/accounts/{accountId}/consents", OperationId = "grantConsent")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [Refuses(409, "account.erased", "account.merged")]
    [Refuses(422, "consent.institution", "consent.over")]
    [ProducesResponseType<ConsentBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        string accountId,
        GrantConsent command,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (ConsentAccess.Refuse(http.Caller(), accountId) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        await using var session = books.Write(book, http.Actor());
        var stream = await session.Events.FetchForWriting<Account>(accountId, cancellation);
        if (stream.Aggregate is not { } account)
        {
            return AccountReading.Unknown;
        }

        if (account.Frozen is { } frozen)
        {
            return Answers.Refused(frozen);
        }

        await using var registry = books.Read(LedgerBooks.Registry);
        if (await registry.LoadAsync<Institution>(Institution.StreamOf(command.InstitutionId), cancellation) is null)
        {
            return Answers.Refused(NoSuchInstitution);
        }

        var consentId = "con-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));
        if (!Decide(command, consentId, BankCalendar.DayOf(clock.GetCurrentInstant())).Is(out var granted, out refusal))
        {
            return Answers.Refused(refusal);
        }

        stream.AppendOne(granted);
        await session.SaveChangesAsync(cancellation);
        return Answers.Created(
            $"/v1/accounts/{accountId}/consents/{consentId}",
            ConsentBody.Of(new ConsentState(granted, null))
        );
    }

    /// <summary>The event a valid command becomes, or a refusal when it would never hold. Pure.</summary>
    public static Decision<ConsentGranted> Decide(GrantConsent command, string consentId, LocalDate today) =>
        command.To <= today
            ? Over
            : new ConsentGranted(consentId, command.InstitutionId, command.Scope, command.From ?? today, command.To);

    private static readonly Refusal NoSuchInstitution = new(
        "consent.institution",
        RefusalKind.Rule,
        new BilingualText("没有该机构。", "There is no such institution.")
    )
    {
        Pointer = "/institutionId",
    };

    private static readonly Refusal Over = new(
        "consent.over",
        RefusalKind.Rule,
        new BilingualText("授权期限已过。", "The consent would be over already.")
    )
    {
        Pointer = "/to",
    };
}
