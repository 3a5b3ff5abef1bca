using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Awards;

/// <summary>Confers an award, or asks how far a learner is on the way to it.</summary>
public sealed record ConferAward
{
    /// <summary>The learner's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The institution of the programme.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The programme.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>
    /// Outcomes to count as they are, without a conversion, such as stacked certificates; at most 500. Missing means
    /// the passed courses of the institution's own that are in the programme.
    /// </summary>
    public IReadOnlyList<string>? OutcomeIds { get; init; }

    /// <summary>The day of enrolment, where the rules ask for a time of study.</summary>
    public LocalDate? EnrolledOn { get; init; }
}

/// <summary>Confers awards and audits them.</summary>
public static class ConferAwardEndpoint
{
    private const int OutcomesMax = 500;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<ConferAward>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.AccountId).Text(64);
            RuleFor(command => command.InstitutionId).Slug();
            RuleFor(command => command.ProgrammeId).Slug();
            RuleFor(command => command.OutcomeIds)
                .Must(ids => ids is null or { Count: <= OutcomesMax })
                .Says("field.count", $"至多 {OutcomesMax} 项。", $"At most {OutcomesMax}.");
            RuleFor(command => command.OutcomeIds)
                .Must(ids => ids is null || ids.Distinct().Count() == ids.Count)
                .Says("field.repeated", "有重复的成果。", "An outcome stands twice.");
            RuleForEach(command => command.OutcomeIds).Text(64);
            RuleFor(command => command.EnrolledOn)
                .Must(day => day is null || day >= BankCalendar.EarliestOn)
                .Says("field.period", "日期早于 1900 年。", "The day is before 1900.");
        }
    }

    /// <summary>
    /// Measures what stands in a programme against what the rule set in force asks of an award, and changes nothing.
    /// For the learner, and for institutions that know the account.
    /// </summary>
    [WolverinePost("/v1/award-audits", OperationId = "auditAward")]
    [Refuses(404, "account.unknown", "programme.unknown")]
    [Refuses(409, "account.erased", "account.merged")]
    [Refuses(
        422,
        "award.enrolledLater",
        "award.noRequirement",
        "award.outcome",
        "award.outcomeUsed",
        "rule-set.unknown"
    )]
    [ProducesResponseType<AwardAuditBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Audit(
        ConferAward command,
        HttpContext http,
        AwardDesk desk,
        CancellationToken cancellation
    )
    {
        if (!desk.Books.TryBookOf(command.AccountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        await using var session = desk.Books.Read(book);
        var account = await session.Events.AggregateStreamAsync<Account>(command.AccountId, token: cancellation);
        var caller = http.Caller();
        var sees =
            caller.Owns(command.AccountId)
            || caller.Is(CallerRoles.Auditor)
            || account is not null
                && caller.ActingInstitutions.Any(institution => AwardDesk.Knows(account, institution, desk.Today));
        if (account is null || !sees)
        {
            return AccountReading.Unknown;
        }

        if (account.Frozen is { } frozen)
        {
            return Answers.Refused(frozen);
        }

        if (!(await desk.GroundAsync(account, command, desk.Today, cancellation)).Is(out var ground, out var refusal))
        {
            return Answers.Refused(refusal);
        }

        return desk.RulesOf(ground.Ground, desk.Today) is { } rules
            ? Answers.Ok(AwardAuditBody.Of(ground.Audit(rules), rules, ground, Languages.Of(http.Request)))
            : Answers.Refused(AwardRefusals.NoRules);
    }

    /// <summary>
    /// An approver of the institution, or of its successor, confers the award of a programme, when every requirement of
    /// the rule set in force is met. Certificates stack up to it by being named.
    /// </summary>
    [WolverinePost("/v1/awards", OperationId = "conferAward")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "account.unknown", "programme.unknown")]
    [Refuses(409, "account.erased", "account.merged", "award.exists", "institution.merged", "institution.suspended")]
    [Refuses(
        422,
        "award.enrolledLater",
        "award.noRequirement",
        "award.notMet",
        "award.outcome",
        "award.outcomeUsed",
        "award.tooLarge",
        "rule-set.unknown"
    )]
    [ProducesResponseType<AwardBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Confer(
        ConferAward command,
        HttpContext http,
        AwardDesk desk,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (MayNotConfer(caller, command.InstitutionId) is { } lacking)
        {
            return Answers.Refused(lacking);
        }

        if (!desk.Books.TryBookOf(command.AccountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        // The caller's own institution: after a merger the successor confers, and the predecessor no more.
        var closed =
            await desk.OwnAffairsAsync(caller, command.AccountId, cancellation)
            ?? await desk.MayNotAct(caller.InstitutionId!, cancellation);
        if (closed is not null)
        {
            return Answers.Refused(closed);
        }

        return await Races.Retry(() => ConferAsync(command, book, http, desk, cancellation));
    }

    private static async Task<IResult> ConferAsync(
        ConferAward command,
        string book,
        HttpContext http,
        AwardDesk desk,
        CancellationToken cancellation
    )
    {
        await using var session = desk.Books.Write(book, http.Actor());
        var stream = await session.Events.FetchForWriting<Account>(command.AccountId, cancellation);
        var decision = await Decide(stream.Aggregate, command, desk, desk.Today, cancellation);
        if (!decision.Is(out var conferred, out var refusal))
        {
            return Answers.Refused(refusal);
        }

        stream.AppendOne(conferred);
        session.Insert(new AwardPlace { Id = conferred.AwardId, AccountId = command.AccountId });
        await session.SaveChangesAsync(cancellation);
        return Answers.Created(
            $"/v1/awards/{conferred.AwardId}",
            AwardBody.Of(command.AccountId, new Award(conferred, AwardStates.Conferred, http.Caller().ActorId))
        );
    }

    private static Refusal? MayNotConfer(Caller caller, string institutionId) =>
        caller.Lacks(CallerRoles.Approver)
        ?? (caller.Is(CallerRoles.Approver, institutionId) ? null : AccessRefusals.Institution);

    private static async Task<Decision<AwardConferred>> Decide(
        Account? account,
        ConferAward command,
        AwardDesk desk,
        LocalDate today,
        CancellationToken cancellation
    )
    {
        if (account?.Frozen is { } frozen)
        {
            return frozen;
        }

        if (account is null || !AwardDesk.Knows(account, command.InstitutionId, today))
        {
            return AccessRefusals.Unknown("account");
        }

        if (!(await desk.GroundAsync(account, command, today, cancellation)).Is(out var ground, out var refusal))
        {
            return refusal;
        }

        var bucket = LedgerId.BucketOf(command.AccountId);
        var awardId = LedgerId.Create(LedgerIdKind.Award, bucket, RandomNumberGenerator.GetBytes(16));
        return desk.RulesOf(ground.Ground, today) is { } rules
            ? AwardDecider.Confer(awardId, ground, rules)
            : AwardRefusals.NoRules;
    }
}
