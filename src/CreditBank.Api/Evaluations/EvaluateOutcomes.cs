using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Institutions;
using CreditBank.Api.LearningAgreements;
using CreditBank.Api.RuleSets;
using CreditBank.Kernel;
using CreditBank.Rules;
using FluentValidation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Evaluations;

/// <summary>Asks what outcomes would become in a programme. Changes nothing.</summary>
public sealed record EvaluateOutcomes
{
    /// <summary>A learner's account; this or <see cref="Outcomes"/>.</summary>
    public string? AccountId { get; init; }

    /// <summary>Records, for anyone who has no account; this or <see cref="AccountId"/>.</summary>
    public IReadOnlyList<OutcomeToEvaluate>? Outcomes { get; init; }

    /// <summary>The receiving institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The programme, in its newest version.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>
    /// A version that shall decide every line; missing means the binding policy of the version in force.
    /// </summary>
    public string? RuleSet { get; init; }

    /// <summary>The day of the application; missing means today in Shanghai.</summary>
    public LocalDate? AppliedOn { get; init; }
}

/// <summary>Evaluates without effect.</summary>
public static class EvaluateOutcomesEndpoint
{
    /// <summary>The most records of one request.</summary>
    public const int OutcomesMax = 200;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<EvaluateOutcomes>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.AccountId)
                .Must((command, account) => account is null != command.Outcomes is null)
                .Says(
                    "evaluation.oneOf",
                    "accountId 与 outcomes 须且只须给出其一。",
                    "Give accountId or outcomes, one of the two."
                );
            RuleFor(command => command.Outcomes)
                .Must(outcomes => outcomes is null or { Count: >= 1 and <= OutcomesMax })
                .Says("field.count", $"应有 1 至 {OutcomesMax} 项。", $"There must be 1 to {OutcomesMax}.");
            RuleForEach(command => command.Outcomes).SetValidator(new OutcomeToEvaluateValidator());
            RuleFor(command => command.Outcomes)
                .Must(outcomes => outcomes is null || AreDistinct(outcomes))
                .Says("record.repeated", "recordId 重复。", "A recordId stands twice.");
            RuleFor(command => command.InstitutionId).Slug();
            RuleFor(command => command.ProgrammeId).Slug();
            RuleFor(command => command.RuleSet).OptionalText(64);
        }

        private static bool AreDistinct(IReadOnlyList<OutcomeToEvaluate> outcomes) =>
            outcomes.Select(outcome => outcome?.RecordId).Distinct().Count() == outcomes.Count;
    }

    /// <summary>
    /// A proposal: for an account to the learner, an institution with consent and the auditor; for records to anyone.
    /// </summary>
    [AllowAnonymous]
    [WolverinePost("/v1/evaluations", OperationId = "evaluateOutcomes")]
    [Refuses(404, "account.unknown", "programme.unknown")]
    [Refuses(409, "account.erased", "account.merged")]
    [Refuses(422, "rule-set.unknown", "rule.not-in-force", RefusesAttribute.OfARule)]
    [Refuses(429, "rate.limited")]
    [ProducesResponseType<ProposalBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        EvaluateOutcomes command,
        HttpContext http,
        LedgerBooks books,
        RuleSetDesk rules,
        Successions successions,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        Account? account = null;
        if (command.AccountId is { } accountId)
        {
            account = await VisibleAccount(accountId, http.Caller(), books, today, cancellation);
            if (account is null)
            {
                return Answers.Refused(AccessRefusals.Unknown("account"));
            }

            if (account.Frozen is { } frozen)
            {
                return Answers.Refused(frozen);
            }
        }

        var issuers =
            account?.Outcomes.Values.Select(position => position.Record.InstitutionId)
            ?? command.Outcomes!.Select(outcome => outcome.InstitutionId).OfType<string>();
        var ground = await EvaluationGround.ReadAsync(
            books,
            command.InstitutionId,
            command.ProgrammeId,
            null,
            issuers,
            cancellation
        );
        if (ground is null)
        {
            return Answers.Refused(AccessRefusals.Unknown("programme"));
        }

        var catalog = await CatalogOf(command.RuleSet, http.Caller(), rules, cancellation);
        var request = RequestOf(command, account, ground, today) with
        {
            Agreements = await AgreementsOf(account, command, (books, successions), today, cancellation),
        };
        var result = Evaluator.Evaluate(request, catalog);
        return result.Proposal is { } proposal
            ? Answers.Ok(ProposalBody.Of(proposal, Languages.Of(http.Request)))
            : Answers.Refused(result.Refusal!);
    }

    /// <summary>What is published, and the draft that is asked for where the caller may know of it.</summary>
    private static async Task<RuleSetCatalog> CatalogOf(
        string? version,
        Caller caller,
        RuleSetDesk rules,
        CancellationToken cancellation
    )
    {
        var published = rules.Library.Catalog;
        return version is null || published.Find(version) is not null ? published
            : await rules.FindAsync(version, caller, cancellation) is { } draft ? published.With(draft)
            : published;
    }

    private static async Task<IReadOnlyList<AgreementFacts>> AgreementsOf(
        Account? account,
        EvaluateOutcomes command,
        (LedgerBooks Books, Successions Successions) from,
        LocalDate today,
        CancellationToken cancellation
    )
    {
        if (account is null)
        {
            return [];
        }

        await using var session = from.Books.Read(from.Books.BookOf(account.Id));
        var predecessors = await from.Successions.PredecessorsOf(command.InstitutionId, cancellation);
        var programme = (command.InstitutionId, predecessors, command.ProgrammeId);
        var on = command.AppliedOn ?? today;
        return LearnerFacts.Agreements(
            await AgreementReading.BindingAsync(session, account, programme, on, cancellation)
        );
    }

    private static EvaluationRequest RequestOf(
        EvaluateOutcomes command,
        Account? account,
        EvaluationGround ground,
        LocalDate today
    ) =>
        new()
        {
            Outcomes = account is null
                ? [.. command.Outcomes!.Select(outcome => outcome.ToFacts(ground))]
                : LearnerFacts.Outcomes(account, account.StandingOutcomeIds, null, ground),
            Programme = ground.Facts,
            AppliedOn = command.AppliedOn ?? today,
            RuleSetVersion = command.RuleSet,
            Granted = account is null ? [] : LearnerFacts.Granted(account, command.InstitutionId, command.ProgrammeId),
        };

    private static async Task<Account?> VisibleAccount(
        string accountId,
        Caller caller,
        LedgerBooks books,
        LocalDate today,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return null;
        }

        var seesAll = caller.Owns(accountId) || caller.Is(CallerRoles.Auditor);
        if (!seesAll && caller.ActingInstitution is null)
        {
            return null;
        }

        await using var session = books.Read(book);
        var account = await session.Events.AggregateStreamAsync<Account>(accountId, token: cancellation);
        return account is not null && (seesAll || account.Allows(caller.ActingInstitution!, today)) ? account : null;
    }
}
