using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Appeals;
using CreditBank.Api.Claims;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.LearningAgreements;
using CreditBank.Api.PriorLearning;
using CreditBank.Api.Transcripts;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using Marten;
using NodaTime;

namespace CreditBank.Api.Erasure;

/// <summary>The way of an erasure: the event and the destruction of everything personal, in one commit.</summary>
public sealed class ErasureDesk(
    LedgerBooks books,
    IdentityVault vault,
    EvidenceStore evidence,
    RetentionTerms terms,
    IClock clock
)
{
    /// <summary>Erases the person of an account, and of what was merged into it.</summary>
    public async Task<IResult> Erase(string accountId, string reason, HttpContext http, CancellationToken cancellation)
    {
        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        await using var session = books.Write(book, http.Actor());
        var stream = await session.Events.FetchForWriting<Account>(accountId, cancellation);
        if (stream.Aggregate is not { } account)
        {
            return AccountReading.Unknown;
        }

        string[] accounts = [.. account.WithAbsorbed];
        await PersonGuard.TakeAloneAsync(session, books, accounts, cancellation);
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        var pending = await PendingAsync(accounts, today, cancellation);
        if (!ErasureDecider.Erase(account, reason, pending, terms, today).Is(out var erased, out var refusal))
        {
            return Answers.Refused(refusal);
        }

        stream.AppendOne(erased);
        foreach (var one in accounts)
        {
            await DestroyAsync(session, one, cancellation);
        }

        foreach (var sha256 in await PersonalEvidence.Of(books, accounts, cancellation))
        {
            await evidence.Destroy(session, sha256, cancellation);
        }

        await session.SaveChangesAsync(cancellation);
        return Answers.Ok(new ErasureBody(accountId, today, accounts[1..]));
    }

    /// <summary>What cannot go on without the person, of all the accounts.</summary>
    private async Task<IReadOnlyList<string>> PendingAsync(
        string[] accounts,
        LocalDate today,
        CancellationToken cancellation
    )
    {
        var pending = new List<string>();
        foreach (var accountId in accounts)
        {
            await using var session = books.Read(books.BookOf(accountId));
            pending.AddRange(await UndecidedIn(session, accountId, today, cancellation));
        }

        return [.. pending.Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Claims that wait for a verifier, applications for prior learning, agreements that are proposed and not over,
    /// open transfers, and those against which an appeal is open.
    /// </summary>
    private static async Task<IEnumerable<string>> UndecidedIn(
        IQuerySession session,
        string accountId,
        LocalDate today,
        CancellationToken cancellation
    )
    {
        var claims = await session
            .Query<CertificateClaim>()
            .Where(claim => claim.AccountId == accountId && claim.State == ClaimStates.Submitted)
            .Select(claim => claim.Id)
            .ToListAsync(cancellation);
        var portfolios = await session
            .Query<Portfolio>()
            .Where(portfolio => portfolio.AccountId == accountId)
            .Where(portfolio => portfolio.State.IsOneOf(PortfolioStates.Open))
            .Select(portfolio => portfolio.Id)
            .ToListAsync(cancellation);
        var agreements = await session
            .Query<LearningAgreement>()
            .Where(agreement => agreement.AccountId == accountId && agreement.State == AgreementStates.Proposed)
            .ToListAsync(cancellation);
        var transfers = await session
            .Query<Transfer>()
            .Where(transfer => transfer.AccountId == accountId)
            .ToListAsync(cancellation);
        var open = transfers.Where(transfer =>
            TransferStates.IsOpen(transfer.State) || transfer.AppealState is { } appeal && AppealStates.IsOpen(appeal)
        );
        return claims
            .Concat(portfolios)
            .Concat(agreements.Where(agreement => agreement.Waits(today)).Select(agreement => agreement.Id))
            .Concat(open.Select(transfer => transfer.Id));
    }

    /// <summary>
    /// The person's key, the identity's and the subjects' entries, notes, waiting records with their key.
    /// Claims of record ids and certificate numbers stay: they are keyed hashes, and what was taken stays taken.
    /// </summary>
    private async Task DestroyAsync(IDocumentSession session, string accountId, CancellationToken cancellation)
    {
        var own = session.ForTenant(books.BookOf(accountId));
        if (await own.LoadAsync<Person>(accountId, cancellation) is not { } person)
        {
            return;
        }

        var tag = vault.TagOf(person);
        own.Delete<Person>(accountId);
        own.DeleteWhere<Note>(note => note.AccountId == accountId);
        session.ForTenant(vault.BookOfIdentity(tag)).Delete<IdentityClaim>(tag);
        await ForgetSubjects(session, accountId, cancellation);
        foreach (var waiting in (string[])[tag, RecordKeys.PersonTag(vault.Keys, accountId)])
        {
            var rows = session.ForTenant(books.BookOfKey(SuspendedPerson.KeyKind, waiting));
            rows.Delete<SuspendedPerson>(waiting);
            rows.DeleteWhere<SuspendedRecord>(record => record.PersonTag == waiting);
        }
    }

    private async Task ForgetSubjects(IDocumentSession session, string accountId, CancellationToken cancellation)
    {
        await using var reading = books.Read(LedgerBooks.Registry);
        var bound = await LedgerBooks
            .QueryLearnerBooks<SubjectBinding>(reading)
            .Where(binding => binding.AccountId == accountId)
            .ToListAsync(cancellation);
        foreach (var binding in bound)
        {
            session.ForTenant(vault.BookOfSubject(binding.Id)).Delete<SubjectBinding>(binding.Id);
        }
    }
}
