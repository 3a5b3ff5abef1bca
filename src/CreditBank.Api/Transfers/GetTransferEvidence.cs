using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Wolverine.Http;

namespace CreditBank.Api.Transfers;

/// <summary>Hands out what is cited in transfers and appeals, to who sees the whole transfer.</summary>
public static class GetTransferEvidenceEndpoint
{
    /// <summary>
    /// The bytes of a piece of evidence that was sent with an answer to the receiver, or on which a decision on a line
    /// rests: for the learner, the receiver, its panel and the auditor.
    /// </summary>
    [WolverineGet("/v1/transfers/{transferId}/evidence/{sha256}", OperationId = "getTransferEvidence")]
    [Refuses(404, "evidence.unknown")]
    public static Task<IResult> OfTransfer(
        string transferId,
        string sha256,
        HttpContext http,
        LedgerBooks books,
        EvidenceStore store,
        CancellationToken cancellation
    ) => AnswerAsync(transferId, sha256, CitedIn, http, (books, store), cancellation);

    /// <summary>
    /// The bytes of a piece of evidence that was sent with an appeal: for the learner, the receiver, the panel and the
    /// auditor.
    /// </summary>
    [WolverineGet("/v1/transfers/{transferId}/appeals/{appealId}/evidence/{sha256}", OperationId = "getAppealEvidence")]
    [Refuses(404, "evidence.unknown")]
    public static Task<IResult> OfAppeal(
        string transferId,
        string appealId,
        string sha256,
        HttpContext http,
        LedgerBooks books,
        EvidenceStore store,
        CancellationToken cancellation
    ) =>
        AnswerAsync(
            transferId,
            sha256,
            transfer => transfer.AppealOf(appealId)?.Evidence ?? [],
            http,
            (books, store),
            cancellation
        );

    private static IEnumerable<string> CitedIn(Transfer transfer) =>
        transfer
            .Messages.SelectMany(message => message.Evidence)
            .Concat(transfer.Decisions.SelectMany(decision => decision.Evidence));

    private static async Task<IResult> AnswerAsync(
        string transferId,
        string sha256,
        Func<Transfer, IEnumerable<string>> cited,
        HttpContext http,
        (LedgerBooks Books, EvidenceStore Store) from,
        CancellationToken cancellation
    )
    {
        if (!from.Books.TryBookOf(transferId, LedgerIdKind.Transfer, out var book))
        {
            return Answers.Refused(AccessRefusals.Unknown("evidence"));
        }

        await using var session = from.Books.Read(book);
        var transfer = await session.LoadAsync<Transfer>(transferId, cancellation);
        var sight = transfer is null
            ? TransferSight.Nothing
            : TransferAccess.SightOf(
                await AbsorbedAccounts.CallerOn(http, from.Books, transfer.AccountId, cancellation),
                transfer
            );
        return sight == TransferSight.Whole && cited(transfer!).Contains(sha256)
            ? new EvidenceAnswer(from.Store, sha256, EvidenceAnswer.UnknownMediaType)
            : Answers.Refused(AccessRefusals.Unknown("evidence"));
    }
}
