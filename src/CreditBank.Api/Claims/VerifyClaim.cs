using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.Merges;
using CreditBank.Api.Transcripts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Claims;

/// <summary>A verifier's decision on a claim.</summary>
public sealed record VerifyClaim
{
    /// <summary><c>verified</c> or <c>rejected</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Why, in words. Kept sealed.</summary>
    public required string Reason { get; init; }
}

/// <summary>Decides claims.</summary>
public static class VerifyClaimEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<VerifyClaim>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Decision).OneOf([ClaimStates.Verified, ClaimStates.Rejected]);
            RuleFor(command => command.Reason).Text(2000);
        }
    }

    /// <summary>
    /// A verifier who did not submit the claim decides it: one of the bank, or one of the certificate's issuer.
    /// Verified, it is an outcome of the account from the same moment; rejected, the certificate's number is free
    /// again. A claim with an <c>earlierClaimId</c> is for a certificate that somebody who was erased had: whether it
    /// is the same person only the verifier can tell.
    /// </summary>
    [WolverinePost("/v1/certificate-claims/{claimId}/verification", OperationId = "verifyClaim")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "claim.unknown")]
    [Refuses(
        409,
        "claim.decided",
        "claim.duplicate",
        "claim.personErased",
        "institution.merged",
        "institution.suspended",
        "record.conflict"
    )]
    [HonoursIfMatch]
    [ProducesResponseType<ClaimBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string claimId,
        VerifyClaim command,
        HttpContext http,
        LedgerBooks books,
        ClaimAnswers answers,
        ClaimVerification verification,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (await answers.Find(claimId, caller, cancellation) is not { } seen)
        {
            return Answers.Refused(AccessRefusals.Unknown("claim"));
        }

        if (await verification.MayNot(caller, seen, cancellation) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        await using var session = books.Write(books.BookOf(claimId), http.Actor());
        var stream = await session.Events.FetchForWriting<CertificateClaim>(claimId, cancellation);
        var stands =
            stream.Aggregate ?? throw new InvalidOperationException($"The state of {claimId} is not with its stream.");
        if (http.ExpectsOther(stands.Version) is { } other)
        {
            return Answers.Refused(other);
        }

        if (await verification.Decide(session, stream, command, caller, cancellation) is { } refused)
        {
            return Answers.Refused(refused);
        }

        await session.SaveChangesAsync(cancellation);
        return await answers.Show(claimId, http, cancellation);
    }
}

/// <summary>What a decision on a claim puts into one commit.</summary>
public sealed class ClaimVerification(
    LedgerBooks books,
    IdentityVault vault,
    ClaimKeys keys,
    ClaimWorth worth,
    IClock clock
)
{
    /// <summary>Why the caller may not decide a claim that it may see; none when it may.</summary>
    public async Task<Refusal?> MayNot(Caller caller, CertificateClaim claim, CancellationToken cancellation) =>
        caller.Lacks(CallerRoles.Verifier)
        ?? (ClaimAnswers.IsVerifierOf(caller, claim) ? null : AccessRefusals.Institution)
        ?? await OwnAffairs.RefuseAsync(caller, claim.AccountId, books, vault, cancellation)
        ?? (
            caller.InstitutionId is { } own
                ? await InstitutionReading.IsNoMoreAsync(books, own, Today, cancellation)
                : null
        );

    private LocalDate Today => BankCalendar.DayOf(clock.GetCurrentInstant());

    /// <summary>Adds the decision to the session.</summary>
    /// <returns>Why it cannot be; none when it can.</returns>
    public async Task<Refusal?> Decide(
        IDocumentSession session,
        IEventStream<CertificateClaim> stream,
        VerifyClaim command,
        Caller verifier,
        CancellationToken cancellation
    )
    {
        var (claim, verifierId) = (stream.Aggregate!, verifier.ActorId);
        if (ClaimDecider.MayNotDecide(claim, verifierId) is { } standing)
        {
            return standing;
        }

        var merges = await MergeGuard.CountAsync(books, cancellation);
        if (await session.LoadAsync<Person>(claim.AccountId, cancellation) is not { } person)
        {
            return Erased;
        }

        var today = Today;
        var noteId = vault.Keep(session, person, command.Reason);
        var verified = command.Decision == ClaimStates.Verified;
        if (verified && await MayNotRecord(claim, verifier.InstitutionId, today, cancellation) is { } suspended)
        {
            return suspended;
        }

        var decision = ClaimDecider.Decide(claim, verifierId, verified, noteId, today);
        if (!decision.Is(out var decided, out var refusal))
        {
            return refusal;
        }

        stream.AppendOne(decided);
        MergeGuard.Expect(session, merges);
        return decided is ClaimVerified { OutcomeId: var outcomeId }
            ? await Record(session, claim.Submitted, person.MergedInto, outcomeId, today, cancellation)
            : await Free(session, claim.Submitted, cancellation);
    }

    /// <summary>Adds the withdrawal to the session; the certificate is free again.</summary>
    /// <returns>Why it cannot be; none when it can.</returns>
    public async Task<Refusal?> Withdraw(
        IDocumentSession session,
        IEventStream<CertificateClaim> stream,
        LocalDate today,
        CancellationToken cancellation
    )
    {
        var claim = stream.Aggregate!;
        if (!ClaimDecider.Withdraw(claim, today).Is(out var withdrawn, out var refusal))
        {
            return refusal;
        }

        if (!await session.CheckExistsAsync<Person>(claim.AccountId, cancellation))
        {
            return Erased;
        }

        stream.AppendOne(withdrawn);
        return await Free(session, claim.Submitted, cancellation);
    }

    /// <summary>
    /// A provider that is suspended records nothing; after a merger it is the successor that vouches. Of a learner's
    /// own claim the day of issue told. Nor does a suspended issuer's verifier have anything recorded.
    /// </summary>
    private async Task<Refusal?> MayNotRecord(
        CertificateClaim claim,
        string? ofVerifier,
        LocalDate today,
        CancellationToken cancellation
    )
    {
        foreach (var vouching in new[] { claim.ProviderId, ofVerifier }.OfType<string>())
        {
            var answering = await InstitutionReading.WhoAnswersAsync(books, vouching, today, cancellation);
            if (answering?.MayNotAct(today) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private async Task<Refusal?> Record(
        IDocumentSession session,
        ClaimSubmitted submitted,
        string? survivorId,
        string outcomeId,
        LocalDate today,
        CancellationToken cancellation
    )
    {
        if (!worth.Record(submitted, outcomeId, today).Is(out var events, out var refusal))
        {
            return refusal;
        }

        var id = VouchedRecord.IdOf(vault.Keys, ((OutcomeRecorded)events[0]).Record);
        var keyed = session.ForTenant(books.BookOfKey(RecordClaim.KeyKind, id));
        if (await keyed.CheckExistsAsync<RecordClaim>(id, cancellation))
        {
            return ClaimRefusals.RecordConflict;
        }

        var accountId = survivorId ?? submitted.AccountId;
        VouchedRecord.Keep(session, books, vault.Keys, submitted.AccountId, accountId, events);
        return null;
    }

    private async Task<Refusal?> Free(
        IDocumentSession session,
        ClaimSubmitted submitted,
        CancellationToken cancellation
    )
    {
        string[] note = [submitted.NumberNoteId];
        var words = await vault.Read(session, submitted.AccountId, note, cancellation);
        var number = words[submitted.NumberNoteId];
        keys.Free(session, submitted.Certificate.IssuerId, number, submitted.EarlierClaimId);
        return null;
    }

    private static readonly Refusal Erased = new(
        "claim.personErased",
        RefusalKind.Conflict,
        new BilingualText("此人的身份资料已删除。", "The person's identity was erased.")
    )
    {
        State = "erased",
    };
}
