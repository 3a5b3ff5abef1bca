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

namespace CreditBank.Api.LearningAgreements;

/// <summary>Shows learning agreements to those whom they concern.</summary>
public static class GetAgreementsEndpoint
{
    /// <summary>One agreement: to the learner, the receiver and the auditor.</summary>
    [WolverineGet("/v1/learning-agreements/{agreementId}", OperationId = "getLearningAgreement")]
    [AsksKnownAt]
    [Refuses(404, "agreement.unknown")]
    [ProducesResponseType<AgreementBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetOne(
        string agreementId,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(agreementId, LedgerIdKind.Agreement, out var book))
        {
            return Answers.Refused(AccessRefusals.Unknown("agreement"));
        }

        await using var session = books.Read(book);
        if (
            await session.LoadAsync<LearningAgreement>(agreementId, cancellation) is not { } stands
            || !AgreementReading.MaySee(
                await AbsorbedAccounts.CallerOn(http, books, stands.AccountId, cancellation),
                stands
            )
        )
        {
            return Answers.Refused(AccessRefusals.Unknown("agreement"));
        }

        var (agreement, refused) = await PastStream.AsAskedAsync(
            http,
            books,
            session,
            agreementId,
            stands,
            cancellation
        );
        return agreement is null
            ? refused ?? Answers.Refused(AccessRefusals.Unknown("agreement"))
            : Answers.Tagged(
                http,
                agreement.Version,
                await AgreementReading.BodyAsync(session, vault, agreement, cancellation)
            );
    }

    /// <summary>
    /// The agreements the caller may see, the oldest first: the learner's own, those of the receiver, all to the
    /// auditor; with <c>?state=</c> in one state.
    /// </summary>
    [WolverineGet("/v1/learning-agreements", OperationId = "listLearningAgreements")]
    [Refuses(400, "query.state")]
    [Refuses(403, "access.role")]
    [Asks("state", "A state: proposed, approved, rejected or withdrawn.")]
    [AsksPage]
    [ProducesResponseType<PageBody<AgreementBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetMany(HttpContext http, LedgerBooks books, CancellationToken cancellation)
    {
        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        var caller = http.Caller();
        await using var session = books.Read(LedgerBooks.Registry);
        var found = LedgerBooks.QueryLearnerBooks<LearningAgreement>(session);
        if (!caller.Is(CallerRoles.Auditor))
        {
            if (caller.ActingInstitutions is { Length: > 0 } institutions)
            {
                found = found.Where(agreement => agreement.InstitutionId.IsOneOf(institutions));
            }
            else if (caller.Lacks(CallerRoles.Learner, CallerRoles.Approver, CallerRoles.Auditor) is { } refusal)
            {
                return Answers.Refused(refusal);
            }
            else
            {
                var accounts = await AbsorbedAccounts.OfLearner(caller, books, cancellation);
                found = found.Where(agreement => agreement.AccountId.IsOneOf(accounts));
            }
        }

        if (http.Request.Query["state"].ToString() is { Length: > 0 } state)
        {
            if (!AgreementStates.All.Contains(state))
            {
                return Answers.Problem(StatusCodes.Status400BadRequest, "query.state", StateText);
            }

            found = found.Where(agreement => agreement.State == state);
        }

        var after = page.After ?? string.Empty;
        var part = await found
            .Where(agreement => agreement.Place.CompareTo(after) > 0)
            .OrderBy(agreement => agreement.Place)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(
            http,
            part,
            agreement => agreement.Place,
            agreement => AgreementBody.Of(agreement, AgreementReading.NoWords)
        );
    }

    private static readonly BilingualText StateText = new(
        $"state 应为以下之一：{string.Join(", ", AgreementStates.All)}。",
        $"state must be one of: {string.Join(", ", AgreementStates.All)}."
    );
}

/// <summary>Reads agreements.</summary>
internal static class AgreementReading
{
    /// <summary>For lists, which show no words.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoWords = new Dictionary<string, string>();

    /// <summary>Whether a caller may see an agreement.</summary>
    public static bool MaySee(Caller caller, LearningAgreement agreement) =>
        caller.Owns(agreement.AccountId) || caller.Is(CallerRoles.Auditor) || caller.ActsFor(agreement.InstitutionId);

    /// <summary>The body of an agreement with its words.</summary>
    public static async Task<AgreementBody> BodyAsync(
        IQuerySession session,
        IdentityVault vault,
        LearningAgreement agreement,
        CancellationToken cancellation
    )
    {
        string[] notes = [.. new[] { agreement.Proposed.NoteId, agreement.NoteId }.OfType<string>()];
        return AgreementBody.Of(agreement, await vault.Read(session, agreement.AccountId, notes, cancellation));
    }

    /// <summary>
    /// The agreements on which a transfer of that day into a programme can rest, by id. What was agreed with an account
    /// that was merged into this one binds here as long as they are merged.
    /// </summary>
    /// <param name="session">A session on the account's book.</param>
    /// <param name="account">The account.</param>
    /// <param name="programme">The receiver, the institutions that became part of it, and the programme.</param>
    /// <param name="submittedOn">The day of the application.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<IReadOnlyList<Ledger.Events.AgreedTerms>> BindingAsync(
        IQuerySession session,
        Account account,
        (string InstitutionId, IReadOnlySet<string> Predecessors, string ProgrammeId) programme,
        LocalDate submittedOn,
        CancellationToken cancellation
    )
    {
        // Only what was merged into it can lie in other books.
        string[] accounts = [.. account.WithAbsorbed];
        var agreements =
            accounts.Length == 1
                ? session.Query<LearningAgreement>().Where(agreement => agreement.AccountId == account.Id)
                : LedgerBooks
                    .QueryLearnerBooks<LearningAgreement>(session)
                    .Where(agreement => agreement.AccountId.IsOneOf(accounts));
        return LearningAgreement.BindingOf(
            await agreements.ToListAsync(cancellation),
            programme.InstitutionId,
            programme.ProgrammeId,
            submittedOn,
            programme.Predecessors
        );
    }
}
