using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Claims;

/// <summary>A claim as those see it who may.</summary>
public sealed record ClaimBody
{
    /// <summary>The claim.</summary>
    public required string ClaimId { get; init; }

    /// <summary><c>submitted</c>, <c>verified</c>, <c>rejected</c> or <c>withdrawn</c>.</summary>
    public required string State { get; init; }

    /// <summary>The last day of the service target, inclusive.</summary>
    public required LocalDate DueOn { get; init; }

    /// <summary>The day it was submitted.</summary>
    public required LocalDate SubmittedOn { get; init; }

    /// <summary>The learner's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The provider that claims; missing when the learner does.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The claimant's own id.</summary>
    public required string RecordId { get; init; }

    /// <summary>The kind of outcome.</summary>
    public required string Kind { get; init; }

    /// <summary>The certificate.</summary>
    public required ClaimedCertificateBody Certificate { get; init; }

    /// <summary>What supports it.</summary>
    public required IReadOnlyList<EvidenceItemBody> Evidence { get; init; }

    /// <summary>
    /// The claim that had the same certificate for somebody who was erased since; missing where nobody had.
    /// </summary>
    public string? EarlierClaimId { get; init; }

    /// <summary>The outcome it became, when verified.</summary>
    public string? OutcomeId { get; init; }

    /// <summary>The reason of the decision; left out of lists.</summary>
    public string? Reason { get; init; }

    /// <summary>The day of the decision, or of the withdrawal.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>The body of a claim.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="words">The vault's words by note id; what is not there is left out.</param>
    public static ClaimBody Of(CertificateClaim claim, IReadOnlyDictionary<string, string> words)
    {
        var submitted = claim.Submitted;
        return new ClaimBody
        {
            ClaimId = claim.Id,
            State = claim.State,
            DueOn = submitted.DueOn,
            SubmittedOn = submitted.SubmittedOn,
            AccountId = claim.AccountId,
            ProviderId = claim.ProviderId,
            RecordId = submitted.RecordId,
            Kind = submitted.Kind,
            Certificate = new ClaimedCertificateBody
            {
                Number = words.GetValueOrDefault(submitted.NumberNoteId),
                Code = submitted.Certificate.Code,
                Title = submitted.Title,
                Level = submitted.Certificate.Level,
                IssuerId = submitted.Certificate.IssuerId,
                IssuedOn = submitted.Certificate.IssuedOn,
                ValidUntil = submitted.Certificate.ValidUntilOn,
            },
            Evidence =
            [
                .. submitted.Evidence.Select(item => new EvidenceItemBody
                {
                    Sha256 = item.Sha256,
                    MediaType = item.MediaType,
                    Title = item.NoteId is { } note ? words.GetValueOrDefault(note) : null,
                }),
            ],
            EarlierClaimId = submitted.EarlierClaimId,
            OutcomeId = claim.OutcomeId,
            Reason = claim.ReasonNoteId is { } reason ? words.GetValueOrDefault(reason) : null,
            DecidedOn = claim.DecidedOn,
        };
    }
}

/// <summary>A claimed certificate.</summary>
public sealed record ClaimedCertificateBody
{
    /// <summary>Its number; left out of lists, and once the person was erased.</summary>
    public string? Number { get; init; }

    /// <summary>Its code in the directory of certificates.</summary>
    public required string Code { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its level as printed.</summary>
    public string? Level { get; init; }

    /// <summary>The institution that issued it.</summary>
    public required string IssuerId { get; init; }

    /// <summary>The day of issue.</summary>
    public required LocalDate IssuedOn { get; init; }

    /// <summary>The last day of validity, inclusive; missing means for ever.</summary>
    public LocalDate? ValidUntil { get; init; }
}

/// <summary>Shows claims to those who may see them.</summary>
public sealed class ClaimAnswers(LedgerBooks books, IdentityVault vault)
{
    /// <summary>
    /// Whether a caller is a verifier of a claim: the bank's is of all; an institution's of certificates that it
    /// issued, or that were issued by what became part of it. What a provider claims of another's certificate is not
    /// for its own people to verify.
    /// </summary>
    public static bool IsVerifierOf(Caller caller, CertificateClaim claim) =>
        caller.Is(CallerRoles.Verifier)
        && (caller.InstitutionId is null || caller.BelongsTo(claim.Submitted.Certificate.IssuerId));

    /// <summary>Whether a caller may see a claim.</summary>
    public static bool MaySee(Caller caller, CertificateClaim claim) =>
        IsVerifierOf(caller, claim)
        || caller.Is(CallerRoles.Auditor)
        || caller.Is(CallerRoles.Provider, claim.ProviderId)
        || caller.Owns(claim.AccountId);

    /// <summary>The claim of that id; none when there is none, or not for the caller.</summary>
    public async Task<CertificateClaim?> Find(string claimId, Caller caller, CancellationToken cancellation)
    {
        if (!books.TryBookOf(claimId, LedgerIdKind.Claim, out var book))
        {
            return null;
        }

        await using var session = books.Read(book);
        return await session.LoadAsync<CertificateClaim>(claimId, cancellation) is { } claim && MaySee(caller, claim)
            ? claim
            : null;
    }

    /// <summary>
    /// The same for the caller of a request, also about an account that was merged into the caller's.
    /// </summary>
    public async Task<CertificateClaim?> Find(string claimId, HttpContext http, CancellationToken cancellation)
    {
        if (!books.TryBookOf(claimId, LedgerIdKind.Claim, out var book))
        {
            return null;
        }

        await using var session = books.Read(book);
        return
            await session.LoadAsync<CertificateClaim>(claimId, cancellation) is { } claim
            && MaySee(await AbsorbedAccounts.CallerOn(http, books, claim.AccountId, cancellation), claim)
            ? claim
            : null;
    }

    /// <summary>200 with the claim, as it stands or as it was known at <c>?knownAt=</c>; or 404.</summary>
    public async Task<IResult> Show(string claimId, HttpContext http, CancellationToken cancellation)
    {
        if (await Find(claimId, http, cancellation) is not { } stands)
        {
            return Answers.Refused(AccessRefusals.Unknown("claim"));
        }

        await using var session = books.Read(books.BookOf(claimId));
        var (claim, refused) = await PastStream.AsAskedAsync(http, books, session, claimId, stands, cancellation);
        return claim is null
            ? refused ?? Answers.Refused(AccessRefusals.Unknown("claim"))
            : Answers.Tagged(http, claim.Version, await WithWords(claim, cancellation));
    }

    /// <summary>201 with the claim.</summary>
    public async Task<IResult> Created(string claimId, CancellationToken cancellation)
    {
        await using var session = books.Read(books.BookOf(claimId));
        var claim =
            await session.LoadAsync<CertificateClaim>(claimId, cancellation)
            ?? throw new InvalidOperationException($"Claim {claimId} was written and is not there.");
        return Answers.Created($"/v1/certificate-claims/{claimId}", await WithWords(claim, cancellation));
    }

    /// <summary>409; names the claim there is only to who may see it.</summary>
    public async Task<IResult> Duplicate(
        string claimId,
        Caller caller,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var shown = (await Find(claimId, caller, cancellation))?.Id;
        if (shown is not null)
        {
            http.Response.Headers.Location = $"/v1/certificate-claims/{shown}";
        }

        return Answers.Refused(ClaimRefusals.Duplicate(shown));
    }

    /// <summary>The body with number, titles and reason from the vault.</summary>
    public async Task<ClaimBody> WithWords(CertificateClaim claim, CancellationToken cancellation)
    {
        List<string> notes = [claim.Submitted.NumberNoteId];
        notes.AddRange(claim.Submitted.Evidence.Select(item => item.NoteId).OfType<string>());
        if (claim.ReasonNoteId is { } reason)
        {
            notes.Add(reason);
        }

        await using var session = books.Read(books.BookOf(claim.Id));
        return ClaimBody.Of(claim, await vault.Read(session, claim.AccountId, notes, cancellation));
    }
}
