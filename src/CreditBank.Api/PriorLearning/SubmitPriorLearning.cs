using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.PriorLearning;

/// <summary>Asks an institution to recognise what was learned without a certificate.</summary>
public sealed record SubmitPriorLearning
{
    /// <summary>The learner's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>Who shall assess it.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>What was learned, where and how; 1 to 5,000 characters. Kept sealed.</summary>
    public required string Statement { get; init; }

    /// <summary>SHA-256 of uploaded evidence, 1 to 20.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }
}

/// <summary>Takes applications in.</summary>
public static class SubmitPriorLearningEndpoint
{
    private const int StatementLengthMax = 5_000;
    private const int EvidenceMax = 20;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<SubmitPriorLearning>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.AccountId).Text(64);
            RuleFor(command => command.InstitutionId).Slug();
            RuleFor(command => command.Statement).Text(StatementLengthMax);
            RuleFor(command => command.Evidence)
                .Must(evidence => evidence is { Count: >= 1 and <= EvidenceMax })
                .Says("field.count", $"应有 1 至 {EvidenceMax} 份材料。", $"There must be 1 to {EvidenceMax} pieces.");
            RuleForEach(command => command.Evidence)
                .Must(EvidenceStore.IsHash)
                .Says("evidence.name", "须为 64 位小写十六进制。", "Must be 64 lower-case hexadecimal digits.");
        }
    }

    /// <summary>The learner applies, with evidence that was uploaded before.</summary>
    [WolverinePost("/v1/prior-learning", OperationId = "submitPriorLearning")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown", "institution.unknown")]
    [Refuses(409, "account.erased", "account.merged", "institution.merged", "institution.suspended")]
    [Refuses(422, "evidence.missing")]
    [ProducesResponseType<PortfolioBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        SubmitPriorLearning command,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        EvidenceStore evidence,
        PortfolioAnswers answers,
        WorkingCalendar calendar,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (ConsentAccess.Refuse(http.Caller(), command.AccountId) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (!books.TryBookOf(command.AccountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        if (await MayNotAssess(books, command.InstitutionId, today, cancellation) is { } closed)
        {
            return Answers.Refused(closed);
        }

        if (await Missing(command.Evidence, evidence, cancellation) is { Length: > 0 } missing)
        {
            return Answers.Refused(Claims.ClaimRefusals.EvidenceMissing, missing);
        }

        await using var session = books.Write(book, http.Actor());
        if (await session.LoadAsync<Person>(command.AccountId, cancellation) is not { } person)
        {
            return Answers.Refused(Transfers.TransferRefusals.Erased);
        }

        if (person.MergedInto is { } survivor)
        {
            return Answers.Refused(Account.MergedAway(survivor));
        }

        var dueOn = calendar.DueOn(today, PriorLearningDecider.WorkingDays);
        var submitted = Submitted(command, vault.Keep(session, person, command.Statement), today, dueOn);
        session.Events.StartStream<Portfolio>(submitted.PortfolioId, submitted);
        await session.SaveChangesAsync(cancellation);
        var portfolio = await answers.Find(submitted.PortfolioId, http, cancellation);
        var body = await answers.WithWords(portfolio!, cancellation);
        return Answers.Created($"/v1/prior-learning/{submitted.PortfolioId}", body);
    }

    private static PriorLearningSubmitted Submitted(
        SubmitPriorLearning command,
        string noteId,
        LocalDate today,
        LocalDate dueOn
    ) =>
        new(
            LedgerId.Create(
                LedgerIdKind.PriorLearning,
                LedgerId.BucketOf(command.AccountId),
                RandomNumberGenerator.GetBytes(13)
            ),
            command.AccountId,
            command.InstitutionId,
            noteId,
            [.. command.Evidence.Select(hash => new EvidenceItem(hash, EvidenceAnswer.UnknownMediaType, null))],
            today,
            dueOn
        );

    private static async Task<Refusal?> MayNotAssess(
        LedgerBooks books,
        string institutionId,
        LocalDate today,
        CancellationToken cancellation
    )
    {
        var institution = await InstitutionReading.FindAsync(books, institutionId, cancellation);
        return institution is null ? AccessRefusals.Unknown("institution") : institution.MayNotAct(today);
    }

    private static async Task<FieldFinding[]> Missing(
        IReadOnlyList<string> hashes,
        EvidenceStore evidence,
        CancellationToken cancellation
    )
    {
        var known = await evidence.Known(hashes, cancellation);
        return
        [
            .. hashes
                .Index()
                .Where(item => !known.Contains(item.Item))
                .Select(item => Claims.ClaimRefusals.NotUploaded($"/evidence/{item.Index}")),
        ];
    }
}
