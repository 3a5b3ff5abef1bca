using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Claims;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.Transcripts;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using JasperFx;
using JasperFx.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.Outcomes;

/// <summary>The way of one change to an outcome, from its id to the commit.</summary>
public sealed class OutcomeChanges(LedgerBooks books, IdentityVault vault, ClaimKeys certificates, IClock clock)
{
    /// <summary>
    /// Finds the outcome and its account, asks the decider and commits what it decides; decides anew when another
    /// writer was first.
    /// </summary>
    public Task<IResult> Change(
        string outcomeId,
        string? words,
        HttpContext http,
        OutcomeChange change,
        CancellationToken cancellation
    ) => Races.Retry(() => TryChange(outcomeId, words, http, change, cancellation));

    private async Task<IResult> TryChange(
        string outcomeId,
        string? words,
        HttpContext http,
        OutcomeChange change,
        CancellationToken cancellation
    )
    {
        if (await Locate(outcomeId, cancellation) is not { AccountId: { } accountId } claim)
        {
            return Answers.Refused(Unknown);
        }

        await using var session = books.Write(books.BookOf(accountId), http.Actor());
        var stream = await session.Events.FetchForWriting<Account>(accountId, cancellation);
        if (stream.Aggregate?.Outcomes.GetValueOrDefault(outcomeId) is not { } position)
        {
            // A merge moved it since the claim was read.
            throw new ConcurrencyException(typeof(Account), accountId);
        }

        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        var refusal =
            (change.MayNot ?? MayNot)(http.Caller(), stream.Aggregate, position.Record.InstitutionId, today)
            ?? await IsNoMore(change, http.Caller(), today, cancellation)
            ?? OutcomeDecider.Ended(position);
        if (refusal is not null)
        {
            return Answers.Refused(refusal);
        }

        var accreditation = await AccreditationOf(position.Record.InstitutionId, cancellation);
        if (change.Check?.Invoke(position.Record, accreditation, today) is { Count: > 0 } findings)
        {
            return Answers.Refused(WrongRecord, findings);
        }

        var person = await session.LoadAsync<Person>(accountId, cancellation);
        if (words is not null && person is null)
        {
            return Answers.Refused(Erased);
        }

        var noteId = words is null ? null : vault.Keep(session, person!, words);
        var open = await OpenTransfers(session, position, cancellation);
        var standing = new OutcomeStanding(
            stream.Aggregate,
            position,
            open.ToDictionary(pair => pair.Key, pair => pair.Value.Aggregate!)
        );
        if (!change.Decide(standing, noteId, today).Is(out var events, out var refused))
        {
            return Answers.Refused(refused);
        }

        await Write(session, change, (claim, position, noteId), events, open, cancellation);
        stream.AppendMany([.. events.OfAccount]);
        await session.SaveChangesAsync(cancellation);
        return Answers.Ok(OutcomeChangeBody.Of(stream.Aggregate, position, events.OfAccount));
    }

    /// <summary>What goes into the commit beside the account's events.</summary>
    private async Task Write(
        IDocumentSession session,
        OutcomeChange change,
        (RecordClaim Claim, OutcomePosition Position, string? NoteId) what,
        OutcomeEvents events,
        Dictionary<string, IEventStream<Transfer>> open,
        CancellationToken cancellation
    )
    {
        ExpiryEntry.Keep(session, what.Claim.AccountId!, events.OfAccount);
        Void(session, open, events.OfTransfers);
        await Follow(session, what.Claim, what.Position, events.OfAccount, cancellation);
        if (change.Beside is { } beside)
        {
            await beside(session, what.NoteId, BankCalendar.DayOf(clock.GetCurrentInstant()));
        }
    }

    /// <summary>The transfers that hold the outcome, each at its version. They lie in the account's book.</summary>
    private static async Task<Dictionary<string, IEventStream<Transfer>>> OpenTransfers(
        IDocumentSession session,
        OutcomePosition position,
        CancellationToken cancellation
    )
    {
        var open = new Dictionary<string, IEventStream<Transfer>>();
        foreach (var transferId in position.Holds.Keys.Order(StringComparer.Ordinal))
        {
            open.Add(transferId, await session.Events.FetchForWriting<Transfer>(transferId, cancellation));
        }

        return open;
    }

    /// <summary>
    /// On a decided transfer nothing can be decided at the same time, so its version does not matter. It may lie in the
    /// book of an account that was merged into this one.
    /// </summary>
    private void Void(
        IDocumentSession session,
        Dictionary<string, IEventStream<Transfer>> open,
        IReadOnlyList<TransferLinesVoided> voided
    )
    {
        foreach (var @event in voided)
        {
            if (open.TryGetValue(@event.TransferId, out var stream))
            {
                stream.AppendOne(@event);
            }
            else
            {
                session.ForTenant(books.BookOf(@event.TransferId)).Events.Append(@event.TransferId, @event);
            }
        }
    }

    private async Task<AccreditationHistory> AccreditationOf(string institutionId, CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var issuer =
            await session.LoadAsync<Institution>(Institution.StreamOf(institutionId), cancellation)
            ?? throw new InvalidOperationException($"{institutionId} issued an outcome and is not registered.");
        return issuer.Accredited;
    }

    private async Task<RecordClaim?> Locate(string outcomeId, CancellationToken cancellation)
    {
        if (!LedgerId.Is(outcomeId, LedgerIdKind.Outcome))
        {
            return null;
        }

        await using var session = books.Read(LedgerBooks.Registry);
        return await LedgerBooks
            .QueryLearnerBooks<RecordClaim>(session)
            .Where(claim => claim.OutcomeId == outcomeId)
            .FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The issuer may; who may see it otherwise is told so, and nobody else learns that it is there.</summary>
    /// <summary>After a merger the successor changes what was issued, and the predecessor no more.</summary>
    private async Task<Refusal?> IsNoMore(
        OutcomeChange change,
        Caller caller,
        LocalDate today,
        CancellationToken cancellation
    ) =>
        change.MayNot is null
            ? await InstitutionReading.IsNoMoreAsync(books, caller.InstitutionId!, today, cancellation)
            : null;

    private static Refusal? MayNot(Caller caller, Account account, string issuerId, LocalDate today)
    {
        if (caller.Is(CallerRoles.Registry, issuerId) || caller.Is(CallerRoles.Provider, issuerId))
        {
            return null;
        }

        var institution = caller.InstitutionId;
        var sees =
            caller.Owns(account.Id)
            || caller.Is(CallerRoles.Auditor)
            || institution is not null
                && (caller.ActsFor(issuerId) || account.Allows(institution, today, ConsentScopes.Outcomes));
        return sees ? caller.Lacks(CallerRoles.Registry, CallerRoles.Provider) ?? AccessRefusals.Institution : Unknown;
    }

    private async Task Follow(
        IDocumentSession session,
        RecordClaim claim,
        OutcomePosition position,
        IReadOnlyList<object> events,
        CancellationToken cancellation
    )
    {
        foreach (var @event in events)
        {
            switch (@event)
            {
                case OutcomeCorrected { Record: var record }:
                    Claim(session, claim, record);
                    break;
                case OutcomeWithdrawn when position.Record.Certificate is not null:
                    await FreeCertificate(session, position.OutcomeId, cancellation);
                    break;
            }
        }
    }

    /// <summary>The revision counts as taken, so that a transcript that brings it as well finds a duplicate.</summary>
    private void Claim(IDocumentSession session, RecordClaim claim, OutcomeRecord record)
    {
        var tag = RecordKeys.ContentTag(vault.Keys, claim.PersonId!, RecordKeys.Academic(record));
        var grown = claim.Grown(new ClaimedRevision(record.Revision, tag));
        session.ForTenant(books.BookOfKey(RecordClaim.KeyKind, claim.Id)).UpdateRevision(grown, claim.Version + 1);
    }

    /// <summary>
    /// What should not have been posted does not keep its certificate from the right person. Of an erased person the
    /// number is unknown and stays claimed (rulings 27).
    /// </summary>
    private async Task FreeCertificate(IDocumentSession session, string outcomeId, CancellationToken cancellation)
    {
        // The claim lies where the outcome was first recorded, also when a merge moved it.
        await using var reading = books.Read(books.BookOf(outcomeId));
        var claim = await reading
            .Query<CertificateClaim>()
            .Where(candidate => candidate.OutcomeId == outcomeId)
            .FirstOrDefaultAsync(cancellation);
        if (claim is null)
        {
            return;
        }

        var note = claim.Submitted.NumberNoteId;
        var words = await vault.Read(reading, claim.AccountId, [note], cancellation);
        if (words.TryGetValue(note, out var number))
        {
            certificates.Free(session, claim.Submitted.Certificate.IssuerId, number, claim.Submitted.EarlierClaimId);
        }
    }

    private static readonly Refusal Unknown = AccessRefusals.Unknown("outcome");

    private static readonly Refusal WrongRecord = new(
        "record.invalid",
        RefusalKind.Rule,
        new BilingualText("记录不能成立，所有问题列于 errors。", "The record cannot be; errors lists everything.")
    );

    private static readonly Refusal Erased = new(
        "outcome.personErased",
        RefusalKind.Conflict,
        new BilingualText(
            "此人的身份资料已删除，不能再保存文字。",
            "The person's identity was erased; no words can be kept any more."
        )
    )
    {
        State = "erased",
    };
}

/// <summary>What shall happen to an outcome that stands.</summary>
/// <param name="Decide">The pure decision.</param>
/// <param name="Check">
/// What is wrong with the new record, field by field, given the one that stands, what its issuer may issue, and the
/// day in Shanghai; none where there is no new record.
/// </param>
public sealed record OutcomeChange(
    Func<OutcomeStanding, string?, LocalDate, Decision<OutcomeEvents>> Decide,
    Func<OutcomeRecord, AccreditationHistory, LocalDate, IReadOnlyList<FieldFinding>>? Check = null
)
{
    /// <summary>Why a caller may not, given the account, the issuer and the day; none means the issuer may.</summary>
    public Func<Caller, Account, string, LocalDate, Refusal?>? MayNot { get; init; }

    /// <summary>What else goes into the commit, given the note and the day; none where nothing does.</summary>
    public Func<IDocumentSession, string?, LocalDate, Task>? Beside { get; init; }
}
