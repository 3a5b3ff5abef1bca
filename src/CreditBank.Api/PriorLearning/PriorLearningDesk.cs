using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.Merges;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Transcripts;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.PriorLearning;

/// <summary>The way of one decision on an application, from its id to the commit.</summary>
public sealed class PriorLearningDesk(
    LedgerBooks books,
    IdentityVault vault,
    PortfolioAnswers answers,
    Recording recording,
    IClock clock
)
{
    /// <summary>The day in Shanghai.</summary>
    public LocalDate Today => BankCalendar.DayOf(clock.GetCurrentInstant());

    /// <summary>Finds the application, asks the decider and commits what it decides, an outcome included.</summary>
    /// <param name="portfolioId">What the caller sent.</param>
    /// <param name="role">The role that the caller needs.</param>
    /// <param name="givesBack">Whether it only refuses, which a suspended institution may do.</param>
    /// <param name="words">The reason.</param>
    /// <param name="http">The request.</param>
    /// <param name="decide">What the reason, in the vault, and the accreditation make of the application.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<IResult> Change(
        string portfolioId,
        string role,
        bool givesBack,
        string words,
        HttpContext http,
        Func<Portfolio, string, AccreditationHistory, Decision<object>> decide,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (await answers.Find(portfolioId, http, cancellation) is not { } seen)
        {
            return PortfolioAnswers.Unknown;
        }

        var refusal =
            MayNot(caller, role, seen)
            ?? await OwnAffairs.RefuseAsync(caller, seen.AccountId, books, vault, cancellation)
            ?? await MayNotAct(caller.InstitutionId!, givesBack, cancellation);
        if (refusal is not null)
        {
            return Answers.Refused(refusal);
        }

        await using var session = books.Write(books.BookOf(portfolioId), http.Actor());
        var stream = await session.Events.FetchForWriting<Portfolio>(portfolioId, cancellation);
        var portfolio = stream.Aggregate!;
        if (http.ExpectsOther(portfolio.Version) is { } other)
        {
            return Answers.Refused(other);
        }

        var merges = await MergeGuard.CountAsync(books, cancellation);
        if (await session.LoadAsync<Person>(portfolio.AccountId, cancellation) is not { } person)
        {
            return Answers.Refused(Transfers.TransferRefusals.Erased);
        }

        var noteId = vault.Keep(session, person, words);
        var institution = (await InstitutionReading.FindAsync(books, portfolio.InstitutionId, cancellation))!;
        if (!decide(portfolio, noteId, institution.Accredited).Is(out var decided, out var refused))
        {
            return Answers.Refused(refused);
        }

        stream.AppendOne(decided);
        MergeGuard.Expect(session, merges);
        var accountId = person.MergedInto ?? person.Id;
        if (
            decided is PriorLearningRecognised recognised
            && Record(session, portfolio, accountId, recognised) is { } unrecorded
        )
        {
            return Answers.Refused(unrecorded);
        }

        await session.SaveChangesAsync(cancellation);
        return await answers.Show(portfolioId, http, cancellation);
    }

    private Task<Refusal?> MayNotAct(string institutionId, bool givesBack, CancellationToken cancellation) =>
        givesBack
            ? InstitutionReading.IsNoMoreAsync(books, institutionId, Today, cancellation)
            : InstitutionReading.MayNotActAsync(books, institutionId, Today, cancellation);

    private static Refusal? MayNot(Caller caller, string role, Portfolio portfolio) =>
        caller.Lacks(role) ?? (caller.Is(role, portfolio.InstitutionId) ? null : AccessRefusals.Institution);

    /// <summary>The outcome, in the account that took over after a merge, and its record id claimed for ever.</summary>
    private Refusal? Record(
        IDocumentSession session,
        Portfolio portfolio,
        string accountId,
        PriorLearningRecognised recognised
    )
    {
        var record = PriorLearningDecider.RecordOf(portfolio);
        var source = new OutcomeSource(PriorLearningDecider.SourceKind, portfolio.Id);
        if (!recording.First(recognised.OutcomeId, record, source, Today).Is(out var events, out var refusal))
        {
            return refusal;
        }

        VouchedRecord.Keep(session, books, vault.Keys, portfolio.AccountId, accountId, events);
        return null;
    }
}
