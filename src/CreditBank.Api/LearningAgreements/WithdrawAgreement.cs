using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.LearningAgreements;

/// <summary>Takes proposals back.</summary>
public static class WithdrawAgreementEndpoint
{
    /// <summary>The learner takes a proposal back before the receiver decided.</summary>
    [WolverinePost("/v1/learning-agreements/{agreementId}/withdrawal", OperationId = "withdrawLearningAgreement")]
    [Refuses(403, "access.role")]
    [Refuses(404, "agreement.unknown")]
    [Refuses(409, "agreement.state")]
    [HonoursIfMatch]
    [ProducesResponseType<AgreementBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string agreementId,
        HttpContext http,
        [NotBody] TransferDesk desk,
        CancellationToken cancellation
    )
    {
        if (!desk.Books.TryBookOf(agreementId, LedgerIdKind.Agreement, out var book))
        {
            return Answers.Refused(AccessRefusals.Unknown("agreement"));
        }

        await using var session = desk.Books.Write(book, http.Actor());
        var stream = await session.Events.FetchForWriting<LearningAgreement>(agreementId, cancellation);
        if (stream.Aggregate is not { } agreement)
        {
            return Answers.Refused(AccessRefusals.Unknown("agreement"));
        }

        var caller = await AbsorbedAccounts.CallerOn(http, desk.Books, agreement.AccountId, cancellation);
        var refusal =
            (AgreementReading.MaySee(caller, agreement) ? null : AccessRefusals.Unknown("agreement"))
            ?? (caller.Owns(agreement.AccountId) ? null : AccessRefusals.Role(CallerRoles.Learner))
            ?? http.ExpectsOther(stream.CurrentVersion);
        if (refusal is not null)
        {
            return Answers.Refused(refusal);
        }

        if (!AgreementDecider.Withdraw(agreement, desk.Today).Is(out var withdrawn, out var refused))
        {
            return Answers.Refused(refused);
        }

        stream.AppendOne(withdrawn);
        await session.SaveChangesAsync(cancellation);
        var stands = (await session.LoadAsync<LearningAgreement>(agreementId, cancellation))!;
        return Answers.Tagged(
            http,
            stands.Version,
            await AgreementReading.BodyAsync(session, desk.Vault, stands, cancellation)
        );
    }
}
