using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.Merges;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Transcripts;
using CreditBank.Kernel;
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
    public async Task<IResult> Change(
        string portfolioId,
        string role,
        string words,
        HttpContext http,
        Func<Portfolio, string, Accreditation, Decision<object>> decide,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (await answers.Find(portfolioId, http, cancellation) is not { } seen)
        {
            return PortfolioAnswers.Unknown;
        }

        if (MayNot(caller, role, seen) is { } refusal)
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
        if (await InstitutionReading.MayNotActAsync(books, caller.InstitutionId!, Today, cancellation) is { } closed)
        {
            return Answers.Refused(closed);
        }

        if (!decide(portfolio, noteId, institution.Accredited.On(Today)).Is(out var decided, out var refused))
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
