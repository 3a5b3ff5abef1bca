using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.Programmes;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.LearningAgreements;

/// <summary>Asks a receiver to agree beforehand under which rules learning will be judged.</summary>
public sealed record ProposeAgreement
{
    /// <summary>The learner's own account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The receiving institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The programme.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>Where the learning takes place, and which courses it is.</summary>
    public required AgreementSourceBody Source { get; init; }

    /// <summary>The most that shall be guaranteed, in standard credit; missing means no limit.</summary>
    public Credits? LimitCredits { get; init; }

    /// <summary>The last day, inclusive, on which a transfer can rest on it; at most ten years ahead.</summary>
    public required LocalDate Until { get; init; }

    /// <summary>What it is about, in words.</summary>
    public string? Text { get; init; }
}

/// <summary>Proposes learning agreements.</summary>
public static class ProposeAgreementEndpoint
{
    private const int CoursesMax = 50;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<ProposeAgreement>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.AccountId).Text(64);
            RuleFor(command => command.InstitutionId).Slug();
            RuleFor(command => command.ProgrammeId).Slug();
            RuleFor(command => command.Source).SetValidator(new SourceValidator());
            RuleFor(command => command.LimitCredits)
                .Must(limit => limit is not { } some || some.IsPositive && some.Value <= 1000)
                .Says("agreement.limit", "须大于 0，不超过 1000。", "Must be more than 0 and at most 1000.");
            RuleFor(command => command.Text).OptionalText(EvaluateTransferEndpoint.ReasonLengthMax);
        }
    }

    private sealed class SourceValidator : AbstractValidator<AgreementSourceBody>
    {
        public SourceValidator()
        {
            RuleFor(source => source.InstitutionId).Slug();
            RuleFor(source => source.CourseCodes)
                .Must(codes => codes is null or { Count: <= CoursesMax })
                .Says("field.count", $"至多 {CoursesMax} 项。", $"At most {CoursesMax}.");
            RuleFor(source => source.CourseCodes)
                .Must(codes => codes is null || codes.Distinct().Count() == codes.Count)
                .Says("field.repeated", "有重复。", "One stands twice.");
            RuleForEach(source => source.CourseCodes).Text(64);
        }
    }

    /// <summary>
    /// The learner proposes; the version of the rules that is in force now is pinned and binds once the receiver
    /// agrees.
    /// </summary>
    [WolverinePost("/v1/learning-agreements", OperationId = "proposeLearningAgreement")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown", "programme.unknown")]
    [Refuses(409, "account.erased", "account.merged", "institution.merged", "institution.suspended")]
    [Refuses(422, "agreement.source", "agreement.until", "rule-set.unknown")]
    [ProducesResponseType<AgreementBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        ProposeAgreement command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (caller.Lacks(CallerRoles.Learner) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (
            !caller.Owns(command.AccountId)
            || !desk.Books.TryBookOf(command.AccountId, LedgerIdKind.Account, out var book)
        )
        {
            return Answers.Refused(AccessRefusals.Unknown("account"));
        }

        await using var registry = desk.Books.Read(LedgerBooks.Registry);
        var programmeKey = Programme.StreamOf(command.InstitutionId, command.ProgrammeId);
        if (await registry.LoadAsync<Programme>(programmeKey, cancellation) is not { Published: { } programme })
        {
            return Answers.Refused(AccessRefusals.Unknown("programme"));
        }

        var sourceKey = Institution.StreamOf(command.Source.InstitutionId);
        var isSourceKnown = await registry.LoadAsync<Institution>(sourceKey, cancellation) is not null;
        if (desk.Catalog.InForce(programme.RuleSetFamily, desk.Today) is not { } rules)
        {
            return Answers.Refused(Awards.AwardRefusals.NoRules);
        }

        await using var session = desk.Books.Write(book, http.Actor());
        var decision = await Decide(session, command, rules.Version, isSourceKnown, desk, cancellation);
        if (!decision.Is(out var decided, out var refused))
        {
            return Answers.Refused(refused);
        }

        session.Events.StartStream<LearningAgreement>(decided.AgreementId, decided);
        await session.SaveChangesAsync(cancellation);
        var agreement = (await session.LoadAsync<LearningAgreement>(decided.AgreementId, cancellation))!;
        return Answers.Created(
            $"/v1/learning-agreements/{agreement.Id}",
            await AgreementReading.BodyAsync(session, desk.Vault, agreement, cancellation)
        );
    }

    /// <summary>The proposal with its words in the vault, or why it cannot be.</summary>
    private static async Task<Decision<LearningAgreementProposed>> Decide(
        IDocumentSession session,
        ProposeAgreement command,
        string ruleSetVersion,
        bool isSourceKnown,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        if (await session.LoadAsync<Person>(command.AccountId, cancellation) is not { } person)
        {
            return TransferRefusals.Erased;
        }

        if (person.MergedInto is { } survivor)
        {
            return Account.MergedAway(survivor);
        }

        if (await desk.MayNotReceiveAsync(command.InstitutionId, cancellation) is { } closed)
        {
            return closed;
        }

        desk.Vault.Expect(session, person);
        var noteId = command.Text is { } text ? desk.Vault.Keep(session, person, text) : null;
        return AgreementDecider.Propose(Proposed(command, ruleSetVersion, noteId, desk.Today), isSourceKnown);
    }

    private static LearningAgreementProposed Proposed(
        ProposeAgreement command,
        string ruleSetVersion,
        string? noteId,
        LocalDate today
    )
    {
        var id = LedgerId.Create(
            LedgerIdKind.Agreement,
            LedgerId.BucketOf(command.AccountId),
            RandomNumberGenerator.GetBytes(13)
        );
        return new LearningAgreementProposed(
            id,
            command.AccountId,
            command.InstitutionId,
            command.ProgrammeId,
            new AgreedTerms(
                id,
                ruleSetVersion,
                command.Source.InstitutionId,
                [.. (command.Source.CourseCodes ?? []).Order(StringComparer.Ordinal)],
                command.LimitCredits
            ),
            noteId,
            today,
            command.Until
        );
    }
}
