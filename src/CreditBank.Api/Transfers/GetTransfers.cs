using System.Diagnostics.CodeAnalysis;
using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;
using Marten;
using Marten.Linq.MatchesSql;
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
    [AsksKnownAt]
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
        if (
            await session.LoadAsync<Transfer>(transferId, cancellation) is not { } stands
            || await AbsorbedAccounts.CallerOn(http, books, stands.AccountId, cancellation) is null
            || TransferAccess.SightOf(http.Caller(), stands) == TransferSight.Nothing
        )
        {
            return Answers.Refused(AccessRefusals.Unknown("transfer"));
        }

        var (transfer, refused) = await PastStream.AsAskedAsync(http, books, session, transferId, stands, cancellation);
        return transfer is null
            ? refused ?? Answers.Refused(AccessRefusals.Unknown("transfer"))
            : Answers.Tagged(
                http,
                transfer.Version,
                await TransferReading.BodyAsync(session, vault, transfer, http, cancellation)
            );
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
            var accounts = await AbsorbedAccounts.OfLearner(caller, books, cancellation);
            found = caller.ActingInstitution is null
                ? found.Where(transfer => transfer.AccountId.IsOneOf(accounts))
                : Concerning(found, caller.ActingInstitutions);
        }

        return await AnswerAsync(http, found, transfer => TransferSummaryBody.Of(transfer, caller), cancellation);
    }

    /// <summary>
    /// The transfers of an account, the oldest first: all to the learner, the auditor and an institution with
    /// consent; to another institution those that it receives or whose outcomes it issued. Those of accounts that
    /// were merged into it stand among them as long as they are merged.
    /// </summary>
    [WolverineGet("/v1/accounts/{accountId}/transfers", OperationId = "listAccountTransfers")]
    [AsksAsOf]
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
        if (!AsOf.TryRead(http, out var asOf, out var wrong))
        {
            return wrong;
        }

        var caller = await AbsorbedAccounts.CallerOn(http, books, accountId, cancellation);
        var institutions = caller.ActingInstitutions;
        var seesAll = caller.Owns(accountId) || caller.Is(CallerRoles.Auditor);
        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book) || (!seesAll && institutions.Length == 0))
        {
            return Answers.Refused(AccessRefusals.Unknown("account"));
        }

        await using var session = books.Read(book);
        if (await session.Events.AggregateStreamAsync<Account>(accountId, token: cancellation) is not { } account)
        {
            return Answers.Refused(AccessRefusals.Unknown("account"));
        }

        var found = OfAccounts(session, accountId, account);
        seesAll = seesAll || account.Allows(institutions[0], BankCalendar.DayOf(clock.GetCurrentInstant()));
        if (!seesAll)
        {
            found = Concerning(found, institutions);
            if (!await found.AnyAsync(cancellation))
            {
                return Answers.Refused(AccessRefusals.Unknown("account"));
            }
        }

        return asOf.IsNow
            ? await AnswerAsync(http, found, Show, cancellation)
            : await AnswerPastAsync(http, books, (accountId, asOf), MaySee, Show, cancellation);

        bool MaySee(Transfer transfer) => seesAll || TransferAccess.SightOf(caller, transfer) != TransferSight.Nothing;

        TransferSummaryBody Show(Transfer transfer) => ShowOf(accountId, transfer, caller);
    }

    /// <summary>What institutions receive, and what rests on outcomes that they issued.</summary>
    private static IQueryable<Transfer> Concerning(IQueryable<Transfer> transfers, string[] institutions) =>
        transfers.Where(transfer =>
            transfer.InstitutionId.IsOneOf(institutions) || transfer.MatchesSql(RestsOnAny, (object)institutions)
        );

    private const string RestsOnAny = "jsonb_exists_any(d.data -> 'issuerIds', ?)";

    /// <summary>Whoever owns the account owns what it took over.</summary>
    private static TransferSummaryBody ShowOf(string accountId, Transfer transfer, Caller caller) =>
        TransferSummaryBody.Of(
            transfer,
            caller.Owns(accountId) ? caller with { AbsorbedId = transfer.AccountId } : caller
        );

    /// <summary>Those of the account and of what it took over. Only the latter can lie in other books.</summary>
    private static IQueryable<Transfer> OfAccounts(IQuerySession session, string accountId, Account account)
    {
        if (account.Absorbed.Count == 0)
        {
            return session.Query<Transfer>().Where(transfer => transfer.AccountId == accountId);
        }

        string[] accounts = [.. account.WithAbsorbed];
        return LedgerBooks.QueryLearnerBooks<Transfer>(session).Where(transfer => transfer.AccountId.IsOneOf(accounts));
    }

    /// <summary>
    /// The same as of another moment. Who sees one transfer today sees of the past what it sees of those.
    /// </summary>
    private static async Task<IResult> AnswerPastAsync(
        HttpContext http,
        LedgerBooks books,
        (string AccountId, AsOf AsOf) then,
        Func<Transfer, bool> maySee,
        Func<Transfer, TransferSummaryBody> show,
        CancellationToken cancellation
    )
    {
        if (!Page.TryRead(http, out var page, out var refused) || !TryFilter(http, out var filter, out refused))
        {
            return refused;
        }

        await using var session = books.Read(books.BookOf(then.AccountId));
        if (await books.Settled.RefuseAsync(session, then.AsOf.KnownAt, cancellation) is { } notSettled)
        {
            return Answers.Refused(notSettled);
        }

        var past = await PastTransfers.ReadAsync(books, then.AccountId, then.AsOf, cancellation);
        var part = past.Where(maySee)
            .Where(transfer => filter.Receiver is null || transfer.InstitutionId == filter.Receiver)
            .Where(transfer => filter.State is null || transfer.State == filter.State)
            .Where(transfer => string.CompareOrdinal(transfer.Place, page.After ?? string.Empty) > 0)
            .Take(page.Limit + 1)
            .ToList();
        return page.Answer(http, part, transfer => transfer.Place, show);
    }

    /// <summary>Reads <c>?institutionId=</c> and <c>?state=</c>.</summary>
    private static bool TryFilter(
        HttpContext http,
        out (string? Receiver, string? State) filter,
        [NotNullWhen(false)] out IResult? refused
    )
    {
        string? Given(string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

        filter = (Given("institutionId"), Given("state"));
        refused =
            filter.State is null || TransferStates.All.Contains(filter.State)
                ? null
                : Answers.Problem(StatusCodes.Status400BadRequest, "query.state", StateText);
        return refused is null;
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http,
        IQueryable<Transfer> found,
        Func<Transfer, TransferSummaryBody> show,
        CancellationToken cancellation
    )
    {
        if (!Page.TryRead(http, out var page, out var refused) || !TryFilter(http, out var filter, out refused))
        {
            return refused;
        }

        if (filter.Receiver is { } receiver)
        {
            found = found.Where(transfer => transfer.InstitutionId == receiver);
        }

        if (filter.State is { } state)
        {
            found = found.Where(transfer => transfer.State == state);
        }

        var after = page.After ?? string.Empty;
        var part = await found
            .Where(transfer => transfer.Place.CompareTo(after) > 0)
            .OrderBy(transfer => transfer.Place)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(http, part, transfer => transfer.Place, show);
    }

    private static readonly BilingualText StateText = new(
        $"state 应为以下之一：{string.Join(", ", TransferStates.All)}。",
        $"state must be one of: {string.Join(", ", TransferStates.All)}."
    );
}
