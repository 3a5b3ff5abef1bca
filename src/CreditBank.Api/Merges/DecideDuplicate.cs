using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Merges;

/// <summary>A person's decision on two outcomes that a merge brought together.</summary>
public sealed record DecideDuplicate
{
    /// <summary>The outcome that the absorbed account brought.</summary>
    public required string OutcomeId { get; init; }

    /// <summary>The survivor's own that it may be once more.</summary>
    public required string OtherOutcomeId { get; init; }

    /// <summary><c>duplicate</c> takes the first one back; <c>distinct</c> leaves both.</summary>
    public required string Decision { get; init; }

    /// <summary>
    /// <c>conversion</c> for a course that both fill; missing, <c>course</c> or <c>certificate</c> for the outcomes.
    /// </summary>
    public string? Kind { get; init; }

    /// <summary>Why. Kept sealed.</summary>
    public required string Reason { get; init; }
}

/// <summary>Decides on duplicates.</summary>
public static class DecideDuplicateEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<DecideDuplicate>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.OutcomeId).Text(64);
            RuleFor(command => command.OtherOutcomeId).Text(64);
            RuleFor(command => command.Decision).OneOf([Duplicates.Duplicate, Duplicates.Distinct]);
            RuleFor(command => command.Kind!)
                .OneOf(["certificate", "course", Duplicates.Conversion])
                .When(command => command.Kind is not null);
            RuleFor(command => command.Reason).Text(ProposeMergeEndpoint.ReasonLengthMax);
        }
    }

    /// <summary>
    /// An operator or branch decides. A duplicate is withdrawn, with everything that rests on it, as when its issuer
    /// takes it back; of a course that is filled twice the conversion that was brought is reversed, and its credit is
    /// free again.
    /// </summary>
    [WolverinePost("/v1/accounts/{accountId}/merges/{mergeId}/duplicates", OperationId = "decideDuplicate")]
    [Refuses(403, "access.role")]
    [Refuses(404, "merge.unknown", "outcome.unknown")]
    [Refuses(409, "merge.state", "outcome.ended", "outcome.personErased")]
    [Refuses(422, "merge.noDuplicate")]
    [ProducesResponseType<MergeBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string accountId,
        string mergeId,
        DecideDuplicate command,
        HttpContext http,
        LedgerBooks books,
        MergeDesk desk,
        OutcomeChanges changes,
        CancellationToken cancellation
    )
    {
        if (MergeDesk.MayNot(http.Caller()) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (await FindAsync(accountId, mergeId, books, cancellation) is not { } merge)
        {
            return Answers.Refused(AccessRefusals.Unknown("merge"));
        }

        if (merge.State != MergeStates.Merged)
        {
            return Answers.Refused(MergeRefusals.State(merge.State));
        }

        var answer = await changes.Change(
            command.OutcomeId,
            command.Reason,
            http,
            new OutcomeChange((standing, noteId, today) => Decide(command, merge, standing, noteId, today))
            {
                MayNot = (_, account, _, _) => account.Id == accountId ? null : MergeRefusals.NoDuplicate,
                Beside = (session, noteId, today) =>
                {
                    session.Events.Append(mergeId, merge.Version + 1, EventOf(command, mergeId, noteId!, today));
                    return Task.CompletedTask;
                },
            },
            cancellation
        );
        if (answer is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK })
        {
            return answer;
        }

        var decided = await FindAsync(accountId, mergeId, books, cancellation);
        return Answers.Ok(await desk.BodyAsync(decided!, cancellation));
    }

    /// <summary>What is taken back of a duplicate, or nothing for what is distinct. Pure.</summary>
    public static Decision<OutcomeEvents> Decide(
        DecideDuplicate command,
        AccountMerge merge,
        OutcomeStanding standing,
        string? noteId,
        LocalDate today
    )
    {
        var open = Duplicates
            .Undecided(merge, standing.Account)
            .Where(pair => pair.OutcomeId == command.OutcomeId && pair.OtherOutcomeId == command.OtherOutcomeId)
            .Where(pair => (pair.Kind == Duplicates.Conversion) == IsOnConversion(command))
            .ToList();
        return open.Count == 0 ? MergeRefusals.NoDuplicate
            : command.Decision == Duplicates.Distinct ? new OutcomeEvents([], [])
            : IsOnConversion(command) ? FilledTwice.TakeBack(standing.Account, merge.Id, open, today)
            : OutcomeDecider.Withdraw(standing, "duplicate", noteId, today);
    }

    private static bool IsOnConversion(DecideDuplicate command) => command.Kind == Duplicates.Conversion;

    private static DuplicateDecided EventOf(DecideDuplicate command, string mergeId, string noteId, LocalDate today) =>
        new(mergeId, command.OutcomeId, command.OtherOutcomeId, command.Decision, noteId, today)
        {
            Kind = IsOnConversion(command) ? Duplicates.Conversion : null,
        };

    private static async Task<AccountMerge?> FindAsync(
        string accountId,
        string mergeId,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return null;
        }

        await using var session = books.Read(book);
        return
            await session.LoadAsync<AccountMerge>(mergeId, cancellation) is { } merge && merge.SurvivorId == accountId
            ? merge
            : null;
    }
}
