using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Transfers;

/// <summary>Shows transfers to those whom they concern.</summary>
public static class GetTransfersEndpoint
{
    /// <summary>
    /// One transfer: whole to the learner, the receiver and the auditor; to an issuer its own lines.
    /// </summary>
    [WolverineGet("/v1/transfers/{transferId}", OperationId = "getTransfer")]
    [Refuses(403, "access.role")]
    [Refuses(404, "transfer.unknown")]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetOne(
        string transferId,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(transferId, LedgerIdKind.Transfer, out var book))
        {
            return Answers.Refused(AccessRefusals.Unknown("transfer"));
        }

        await using var session = books.Read(book);
        return
            await session.LoadAsync<Transfer>(transferId, cancellation) is { } transfer
            && await AbsorbedAccounts.CallerOn(http, books, transfer.AccountId, cancellation) is not null
            && TransferAccess.SightOf(http.Caller(), transfer) != TransferSight.Nothing
            ? Answers.Tagged(
                http,
                transfer.Version,
                await TransferReading.BodyAsync(session, vault, transfer, http, cancellation)
            )
            : Answers.Refused(AccessRefusals.Unknown("transfer"));
    }

    /// <summary>
    /// Work lists, the oldest first: what the caller may see, with <c>?institutionId=</c> of one receiver and with
    /// <c>?state=</c> in one state.
    /// </summary>
    [WolverineGet("/v1/transfers", OperationId = "listTransfers")]
    [Refuses(400, "query.state")]
    [Refuses(403, "access.role")]
    [Asks("institutionId", "A receiver.")]
    [Asks("state", "A state, such as evaluated.")]
    [AsksPage]
    [ProducesResponseType<PageBody<TransferSummaryBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetMany(HttpContext http, LedgerBooks books, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var seesAll = caller.Is(CallerRoles.Auditor);
        if (!seesAll && caller.ActingInstitution is null && !caller.Is(CallerRoles.Learner))
        {
            return Answers.Refused(
                AccessRefusals.Role(
                    CallerRoles.Learner,
                    CallerRoles.Evaluator,
                    CallerRoles.Approver,
                    CallerRoles.Registry,
                    CallerRoles.Auditor
                )
            );
        }

        await using var session = books.Read(LedgerBooks.Registry);
        var found = LedgerBooks.QueryLearnerBooks<Transfer>(session);
        if (!seesAll)
        {
            var (institution, account) = (caller.ActingInstitution ?? string.Empty, caller.AccountId ?? string.Empty);
            found = caller.ActingInstitution is null
                ? found.Where(transfer => transfer.AccountId == account)
                : found.Where(transfer =>
                    transfer.InstitutionId == institution || transfer.IssuerIds.Contains(institution)
                );
        }

        return await AnswerAsync(http, found, cancellation);
    }

    /// <summary>
    /// The transfers of an account, the oldest first: all to the learner, the auditor and an institution with
    /// consent; to
    /// another institution those that it receives or whose outcomes it issued.
    /// </summary>
    [WolverineGet("/v1/accounts/{accountId}/transfers", OperationId = "listAccountTransfers")]
    [Refuses(400, "query.state")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [Asks("institutionId", "A receiver.")]
    [Asks("state", "A state, such as evaluated.")]
    [AsksPage]
    [ProducesResponseType<PageBody<TransferSummaryBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetOfAccount(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var caller = await AbsorbedAccounts.CallerOn(http, books, accountId, cancellation);
        var seesAll = caller.Owns(accountId) || caller.Is(CallerRoles.Auditor);
        if (
            !books.TryBookOf(accountId, LedgerIdKind.Account, out var book)
            || (!seesAll && caller.ActingInstitution is null)
        )
        {
            return Answers.Refused(AccessRefusals.Unknown("account"));
        }

        await using var session = books.Read(book);
        if (await session.Events.AggregateStreamAsync<Account>(accountId, token: cancellation) is not { } account)
        {
            return Answers.Refused(AccessRefusals.Unknown("account"));
        }

        var found = session.Query<Transfer>().Where(transfer => transfer.AccountId == accountId);
        var institution = caller.ActingInstitution;
        if (!seesAll && !account.Allows(institution!, BankCalendar.DayOf(clock.GetCurrentInstant())))
        {
            found = found.Where(transfer =>
                transfer.InstitutionId == institution || transfer.IssuerIds.Contains(institution!)
            );
            if (!await found.AnyAsync(cancellation))
            {
                return Answers.Refused(AccessRefusals.Unknown("account"));
            }
        }

        return await AnswerAsync(http, found, cancellation);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http,
        IQueryable<Transfer> found,
        CancellationToken cancellation
    )
    {
        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        if (http.Request.Query["institutionId"].ToString() is { Length: > 0 } receiver)
        {
            found = found.Where(transfer => transfer.InstitutionId == receiver);
        }

        if (http.Request.Query["state"].ToString() is { Length: > 0 } state)
        {
            if (!TransferStates.All.Contains(state))
            {
                return Answers.Problem(StatusCodes.Status400BadRequest, "query.state", StateText);
            }

            found = found.Where(transfer => transfer.State == state);
        }

        var after = page.After ?? string.Empty;
        var caller = http.Caller();
        var part = await found
            .Where(transfer => transfer.Place.CompareTo(after) > 0)
            .OrderBy(transfer => transfer.Place)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(
            http,
            part,
            transfer => transfer.Place,
            transfer => TransferSummaryBody.Of(transfer, caller)
        );
    }

    private static readonly BilingualText StateText = new(
        $"state 应为以下之一：{string.Join(", ", TransferStates.All)}。",
        $"state must be one of: {string.Join(", ", TransferStates.All)}."
    );
}
