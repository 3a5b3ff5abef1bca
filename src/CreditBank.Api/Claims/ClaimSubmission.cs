using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Transcripts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.Claims;

/// <summary>The way of one new claim, from the caller's role to the commit.</summary>
public sealed class ClaimSubmission(
    LedgerBooks books,
    IdentityVault vault,
    EvidenceStore evidence,
    ClaimKeys keys,
    ClaimWorth worth,
    ClaimAnswers answers,
    WorkingCalendar calendar,
    IClock clock
)
{
    /// <summary>
    /// Takes a claim whose shape is right. Who loses against another claim of the same certificate or record id looks
    /// again, and is told what the other one is.
    /// </summary>
    public Task<IResult> Submit(ClaimCertificate command, HttpContext http, CancellationToken cancellation) =>
        Races.Retry(() => SubmitOnce(command, http, cancellation));

    private async Task<IResult> SubmitOnce(ClaimCertificate command, HttpContext http, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (MayNotClaim(caller, command.ProviderId) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        var providerId = caller.Is(CallerRoles.Provider) ? caller.InstitutionId : null;
        if (
            await InstitutionReading.FindAsync(books, providerId ?? command.Certificate.IssuerId, cancellation)
            is not { } institution
        )
        {
            return Answers.Refused(providerId is null ? ClaimRefusals.IssuerUnknown : ClaimRefusals.ProviderUnknown);
        }

        // A provider must be allowed to act today; of another's certificate the day of issue tells.
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        if (institution.MayNotAct(providerId is null ? command.Certificate.IssuedOn : today) is { } suspended)
        {
            return Answers.Refused(suspended);
        }

        var accreditation = institution.Accredited.On(command.Certificate.IssuedOn);

        if (
            await LearnerOf(command.Learner, cancellation) is not { Person: { } named } learner
            || providerId is null && !caller.Owns(named.Id)
        )
        {
            return Answers.Refused(
                await IsErased(command.Learner.AccountId, caller, cancellation)
                    ? Account.PersonGone
                    : ClaimRefusals.AccountUnknown
            );
        }

        if (named.MergedInto is { } survivor && providerId is null)
        {
            return Answers.Refused(Account.MergedAway(survivor));
        }

        var person = named.MergedInto is { } into ? (await PersonOf(into, cancellation))! : named;

        if (IdentityVault.NamesDiffer(learner.NameTag, vault.NameTagOf(command.Learner.Name)))
        {
            return Answers.Refused(ClaimRefusals.NameDiffers);
        }

        var key = keys.OfRecord(providerId ?? person.Id, command.RecordId);
        var content = keys.ContentOf(person.Id, command);
        var before = learner.BeforeMerge is { } former ? keys.ContentOf(former, command) : content;
        var (standing, earlier) = await WhatStandsInTheWay(command, providerId, caller, http, cancellation);

        // Asked after what stands in the way, because this very claim may stand there, sent at the same moment.
        return await FirstAnswer(key, [content, before], http, cancellation)
            ?? standing
            ?? await Keep(command, providerId, person, accreditation, (key, content), earlier, http, cancellation);
    }

    private static Refusal? MayNotClaim(Caller caller, string? providerId)
    {
        if (caller.Lacks(CallerRoles.Provider, CallerRoles.Learner) is { } refusal)
        {
            return refusal;
        }

        var isProvider = caller is { InstitutionId: not null } && caller.Is(CallerRoles.Provider);
        return providerId is null && (isProvider || caller.Is(CallerRoles.Learner)) ? null
            : isProvider && caller.Is(CallerRoles.Provider, providerId) ? null
            : AccessRefusals.Institution;
    }

    /// <summary>
    /// The person a learner is named as, the name to compare, and the account before a merge where one moved it.
    /// </summary>
    private async Task<(Person? Person, string? NameTag, string? BeforeMerge)?> LearnerOf(
        LearnerBody learner,
        CancellationToken cancellation
    )
    {
        if (learner.Identity is { } identity)
        {
            return await vault.Find(Identities.Normalise(identity)!, cancellation) is { } claim
                ? (await PersonOf(claim.AccountId, cancellation), claim.NameTag, claim.ClaimedForId)
                : null;
        }

        var person = await PersonOf(learner.AccountId, cancellation);
        return (person, person?.NameTag, person?.Id);
    }

    /// <summary>Whether the caller's own account is there and nobody stands behind it any more.</summary>
    private async Task<bool> IsErased(string? accountId, Caller caller, CancellationToken cancellation)
    {
        if (accountId is null || !caller.Owns(accountId) || await PersonOf(accountId, cancellation) is not null)
        {
            return false;
        }

        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return false;
        }

        await using var session = books.Read(book);
        return await session.Events.FetchStreamStateAsync(accountId, cancellation) is not null;
    }

    private async Task<Person?> PersonOf(string? accountId, CancellationToken cancellation)
    {
        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return null;
        }

        await using var session = books.Read(book);
        return await session.LoadAsync<Person>(accountId!, cancellation);
    }

    /// <summary>The answer to a record id that was used before; none when it is new.</summary>
    private async Task<IResult?> FirstAnswer(
        string key,
        IReadOnlyList<string> contents,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(keys.BookOfRecord(key));
        if (await session.LoadAsync<ClaimedRecordId>(key, cancellation) is not { } used)
        {
            return null;
        }

        return contents.Contains(used.ContentTag)
            ? await answers.Show(used.ClaimId, http, cancellation)
            : Answers.Refused(ClaimRefusals.RecordConflict);
    }

    /// <summary>
    /// Why the claim cannot be, and the claim that has the certificate for somebody who was erased. Whose it was nobody
    /// can tell any more, so the new one is neither refused nor matched: a verifier decides, and sees the earlier one.
    /// </summary>
    private async Task<(IResult? Refused, string? EarlierClaimId)> WhatStandsInTheWay(
        ClaimCertificate command,
        string? providerId,
        Caller caller,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var cited = command.EvidenceOrNone;
        var known = await evidence.Known(cited.Select(item => item.Sha256), cancellation);
        FieldFinding[] missing =
        [
            .. cited
                .Index()
                .Where(item => !known.Contains(item.Item.Sha256))
                .Select(item => ClaimRefusals.NotUploaded($"/evidence/{item.Index}/sha256")),
        ];
        if (missing.Length > 0)
        {
            return (Answers.Refused(ClaimRefusals.EvidenceMissing, missing), null);
        }

        if (providerId is not null && await IsRecorded(providerId, command.RecordId, cancellation))
        {
            return (Answers.Refused(ClaimRefusals.RecordConflict), null);
        }

        var key = keys.OfCertificate(command.Certificate.IssuerId, command.Certificate.Number);
        await using var session = books.Read(keys.BookOfCertificate(key));
        if (await session.LoadAsync<ClaimedCertificate>(key, cancellation) is not { } claimed)
        {
            return default;
        }

        return await IsOfNobody(claimed.ClaimId, cancellation)
            ? (null, claimed.ClaimId)
            : (await answers.Duplicate(claimed.ClaimId, caller, http, cancellation), null);
    }

    /// <summary>Whether the person of a claim was erased.</summary>
    private async Task<bool> IsOfNobody(string claimId, CancellationToken cancellation)
    {
        await using var session = books.Read(books.BookOf(claimId));
        return await session.LoadAsync<CertificateClaim>(claimId, cancellation) is { } claim
            && !await session.CheckExistsAsync<Person>(claim.AccountId, cancellation);
    }

    private async Task<bool> IsRecorded(string institutionId, string recordId, CancellationToken cancellation)
    {
        var id = RecordKeys.ClaimId(vault.Keys, institutionId, recordId);
        await using var session = books.Read(books.BookOfKey(RecordClaim.KeyKind, id));
        return await session.CheckExistsAsync<RecordClaim>(id, cancellation);
    }

    private async Task<IResult> Keep(
        ClaimCertificate command,
        string? providerId,
        Person person,
        Accreditation accreditation,
        (string Key, string Content) record,
        string? earlierClaimId,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        await using var session = books.Write(books.BookOf(person.Id), http.Actor());
        var facts = FactsOf(session, command, providerId, person, accreditation, today) with
        {
            EarlierClaimId = earlierClaimId,
        };
        if (!ClaimDecider.Submit(facts, today, calendar).Is(out var submitted, out var refusal))
        {
            return Answers.Refused(refusal);
        }

        session.Events.StartStream<CertificateClaim>(submitted.ClaimId, submitted);
        var certificate = keys.OfCertificate(command.Certificate.IssuerId, command.Certificate.Number);
        keys.Claim(session, certificate, submitted.ClaimId, earlierClaimId);
        session
            .ForTenant(keys.BookOfRecord(record.Key))
            .Insert(
                new ClaimedRecordId
                {
                    Id = record.Key,
                    ClaimId = submitted.ClaimId,
                    ContentTag = record.Content,
                }
            );
        await session.SaveChangesAsync(cancellation);
        return await answers.Created(submitted.ClaimId, cancellation);
    }

    private ClaimFacts FactsOf(
        IDocumentSession session,
        ClaimCertificate command,
        string? providerId,
        Person person,
        Accreditation accreditation,
        LocalDate today
    )
    {
        var body = command.Certificate;
        var certificate = new CertificateRecord(
            body.Code,
            body.Level?.Text,
            body.IssuerId,
            body.IssuedOn,
            body.ValidUntil
        );
        return new ClaimFacts
        {
            ClaimId = NewClaimId(person.Id),
            AccountId = person.Id,
            ProviderId = providerId,
            RecordId = command.RecordId,
            Kind = command.KindOrDefault,
            Title = body.Title,
            Certificate = certificate,
            NumberNoteId = vault.Keep(session, person, body.Number),
            Evidence =
            [
                .. command.EvidenceOrNone.Select(item => new EvidenceItem(
                    item.Sha256,
                    item.MediaType,
                    item.Title is { } title ? vault.Keep(session, person, title) : null
                )),
            ],
            Accreditation = accreditation,
            RecognisedLevel = worth.LevelOf(command.KindOrDefault, body.Title, certificate, today),
        };
    }

    private static string NewClaimId(string accountId) =>
        LedgerId.Create(LedgerIdKind.Claim, LedgerId.BucketOf(accountId), RandomNumberGenerator.GetBytes(13));
}
