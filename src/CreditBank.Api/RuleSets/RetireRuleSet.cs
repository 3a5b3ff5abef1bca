using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Kernel.Identifiers;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.RuleSets;

/// <summary>Ends a published version.</summary>
public sealed record RetireRuleSet
{
    /// <summary>The day from which it is not in force; today or later.</summary>
    public required LocalDate EffectiveTo { get; init; }

    /// <summary>Why; anyone can read it.</summary>
    public required BilingualText Reason { get; init; }
}

/// <summary>Retires versions.</summary>
public static class RetireRuleSetEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<RetireRuleSet>
    {
        /// <summary>The rules.</summary>
        public Validator() => RuleFor(command => command.Reason).SetValidator(new NoticeValidator());
    }

    /// <summary>
    /// A rule approver ends a version. What it decided stands; the version before it decides again where its own dates
    /// allow. The bank's own family always keeps a version in force.
    /// </summary>
    [WolverinePost("/v1/rule-sets/{version}/retirement", OperationId = "retireRuleSet")]
    [Refuses(403, "access.role")]
    [Refuses(404, "rule-set.unknown")]
    [Refuses(409, "ruleSet.lastInForce", "ruleSet.state")]
    [Refuses(422, "ruleSet.retiredOn")]
    [ProducesResponseType<RuleSetBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string version,
        RetireRuleSet command,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.RuleApprover) is { } role)
        {
            return Answers.Refused(role);
        }

        await desk.Library.RefreshAsync(cancellation);
        await using var session = desk.Books.Write(LedgerBooks.Registry, http.Actor());
        var stream = await RuleSetDesk.OpenAsync(session, version, cancellation);
        if (stream.Aggregate is not { } standing)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        var decision = RuleSetDecider.Retire(
            standing,
            desk.Library.Catalog,
            desk.BankFamily,
            command.EffectiveTo,
            command.Reason,
            desk.Today
        );
        if (!decision.Is(out var retired, out var refusal))
        {
            return Answers.Refused(refusal);
        }

        stream.AppendOne(retired);
        await session.SaveChangesAsync(cancellation);
        await desk.Library.RefreshAsync(cancellation);
        var rules = desk.Library.Catalog.Find(version)!;
        return Answers.Ok(RuleSetBody.Of(rules, retired.ToOn, RuleSetStates.Retired, Languages.Of(http.Request)));
    }
}

/// <summary>A notice that anyone can read for good: both languages, no identity numbers.</summary>
internal sealed class NoticeValidator : AbstractValidator<BilingualText>
{
    private const int LengthMax = 1000;

    public NoticeValidator()
    {
        RuleFor(notice => notice.Zh).Text(LengthMax);
        RuleFor(notice => notice.En).Text(LengthMax);
        RuleFor(notice => notice)
            .Must(notice => !IsPersonal(notice.Zh) && !IsPersonal(notice.En))
            .Says("field.identityNumber", "公告中不得含身份证件号码。", "A notice holds no identity numbers.");
    }

    private static bool IsPersonal(string? text) =>
        text is not null && IdentityNumberScan.LooksLikeIdentityNumber(text);
}
