using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.LearningAgreements;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Transfers;

/// <summary>Asks for outcomes to become credit of a programme.</summary>
public sealed record SubmitTransfer
{
    /// <summary>The learner's own account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The receiving institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The programme, in its newest version.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>What is offered; missing means everything in the account.</summary>
    public IReadOnlyList<string>? OutcomeIds { get; init; }

    /// <summary>A returned transfer that this one takes up again.</summary>
    public string? Replaces { get; init; }
}

/// <summary>Submits transfers.</summary>
public static class SubmitTransferEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<SubmitTransfer>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.AccountId).Text(64);
            RuleFor(command => command.InstitutionId).Slug();
            RuleFor(command => command.ProgrammeId).Slug();
            RuleFor(command => command.OutcomeIds)
                .Must(ids => ids is null || ids.Count is >= 1 and <= TransferDecider.OutcomesMax)
                .Says(
                    "field.count",
                    $"应有 1 至 {TransferDecider.OutcomesMax} 项。",
                    $"There must be 1 to {TransferDecider.OutcomesMax}."
                );
            RuleFor(command => command.OutcomeIds)
                .Must(ids => ids is null || ids.Distinct().Count() == ids.Count)
                .Says("field.repeated", "有重复。", "One stands twice.");
            RuleForEach(command => command.OutcomeIds).Text(64);
            RuleFor(command => command.Replaces).OptionalText(64);
        }
    }

    /// <summary>
    /// The learner submits. The rules propose at once, and what match and maybe lines would debit is held, so that
    /// no other
    /// transfer can ask for it.
    /// </summary>
    [WolverinePost("/v1/transfers", OperationId = "submitTransfer")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown", "programme.unknown")]
    [Refuses(
        409,
        "account.erased",
        "account.merged",
        "credit.held",
        "institution.merged",
        "institution.suspended",
        "transfer.state"
    )]
    [Refuses(
        422,
        "credit.unit",
        "transfer.nothing",
        "transfer.outcome",
        "transfer.replaces",
        "transfer.tooLarge",
        RefusesAttribute.OfARule
    )]
    [ProducesResponseType<TransferBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        SubmitTransfer command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var caller = await AbsorbedAccounts.CallerOn(http, desk.Books, command.AccountId, cancellation);
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

        // Deciding anew names the transfer that won the credit, or finds that the race was about something else.
        return await Races.Retry(() => SubmitAsync(command, book, http, desk, cancellation));
    }

    private static async Task<IResult> SubmitAsync(
        SubmitTransfer command,
        string book,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        await using var session = desk.Books.Write(book, http.Actor());
        var stream = await session.Events.FetchForWriting<Account>(command.AccountId, cancellation);
        if (stream.Aggregate is not { Frozen: null } account)
        {
            return Answers.Refused(stream.Aggregate?.Frozen ?? AccessRefusals.Unknown("account"));
        }

        if (!TransferDecider.Offer(account, command.OutcomeIds).Is(out var offered, out var refusal))
        {
            return Answers.Refused(refusal);
        }

        var issuers = offered.Select(id => account.Outcomes[id].Record.InstitutionId);
        var ground = await EvaluationGround.ReadAsync(
            desk.Books,
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

        var asked = Submitted(command, offered, ground, desk);
        var submitted = await WithAgreements(session, account, asked, desk, cancellation);
        refusal =
            await desk.MayNotReceiveAsync(command.InstitutionId, cancellation)
            ?? await MayNotReplace(session, desk.Books, submitted, cancellation);
        if (refusal is not null)
        {
            return Answers.Refused(refusal);
        }

        var evaluation = TransferEvaluation.First(account, submitted, ground, desk.Catalog);
        if (!TransferDecider.Submit(submitted, evaluation).Is(out var events, out refusal))
        {
            return Answers.Refused(refusal);
        }

        session.Events.StartStream<Transfer>(submitted.TransferId, events.OfTransfer);
        stream.AppendMany(events.OfAccount);
        session.Store(events.Document!);
        session.Store(events.Request!);
        await desk.LapseLater(session, submitted.TransferId, submitted.HeldUntilOn!.Value);
        await session.SaveChangesAsync(cancellation);
        return await CreatedAsync(session, submitted.TransferId, desk, http, cancellation);
    }

    /// <summary>With the learning agreements that bind on its day.</summary>
    private static async Task<TransferSubmitted> WithAgreements(
        IDocumentSession session,
        Account account,
        TransferSubmitted submitted,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var predecessors = await desk.Successions.PredecessorsOf(submitted.InstitutionId, cancellation);
        var agreements = await AgreementReading.BindingAsync(
            session,
            account,
            (submitted.InstitutionId, predecessors, submitted.ProgrammeId),
            submitted.SubmittedOn,
            cancellation
        );
        await desk.EnsureAsync(agreements.Select(terms => terms.RuleSetVersion), cancellation);
        return agreements.Count == 0 ? submitted : submitted with { Agreements = agreements };
    }

    private static async Task<IResult> CreatedAsync(
        IDocumentSession session,
        string transferId,
        TransferDesk desk,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var transfer = await session.LoadAsync<Transfer>(transferId, cancellation);
        return Answers.Created(
            $"/v1/transfers/{transferId}",
            await TransferReading.BodyAsync(session, desk.Vault, transfer!, http, cancellation)
        );
    }

    private static TransferSubmitted Submitted(
        SubmitTransfer command,
        IReadOnlyList<string> offered,
        EvaluationGround ground,
        TransferDesk desk
    ) =>
        new(
            LedgerId.Create(
                LedgerIdKind.Transfer,
                LedgerId.BucketOf(command.AccountId),
                RandomNumberGenerator.GetBytes(13)
            ),
            command.AccountId,
            command.InstitutionId,
            command.ProgrammeId,
            ground.Programme.Version,
            offered,
            command.Replaces,
            desk.Today
        )
        {
            HeldUntilOn = desk.Terms.HeldUntil(desk.Today),
        };

    private static async Task<Refusal?> MayNotReplace(
        IDocumentSession session,
        LedgerBooks books,
        TransferSubmitted submitted,
        CancellationToken cancellation
    )
    {
        if (submitted.Replaces is not { } replaces)
        {
            return null;
        }

        var isHere =
            books.TryBookOf(replaces, LedgerIdKind.Transfer, out var book) && book == books.BookOf(submitted.AccountId);
        var old = isHere ? await session.LoadAsync<Transfer>(replaces, cancellation) : null;
        return old is null || old.AccountId != submitted.AccountId
            ? TransferRefusals.Replaces
            : TransferDecider.MayNotReplace(old, submitted);
    }
}
