using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
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
        if (await answers.Find(portfolioId, caller, cancellation) is not { } seen)
        {
            return PortfolioAnswers.Unknown;
        }

        if (
            (caller.Lacks(role) ?? (caller.Is(role, seen.InstitutionId) ? null : AccessRefusals.Institution)) is
            { } refusal
        )
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

        if (await session.LoadAsync<Person>(portfolio.AccountId, cancellation) is not { } person)
        {
            return Answers.Refused(Transfers.TransferRefusals.Erased);
        }

        if (person.MergedInto is { } survivor)
        {
            return Answers.Refused(Account.MergedAway(survivor));
        }

        var institution = await InstitutionOf(portfolio.InstitutionId, cancellation);
        if (institution.MayNotAct(Today) is { } suspended)
        {
            return Answers.Refused(suspended);
        }

        var noteId = vault.Keep(session, person, words);
        if (!decide(portfolio, noteId, institution.Accredited.On(Today)).Is(out var decided, out var refused))
        {
            return Answers.Refused(refused);
        }

        stream.AppendOne(decided);
        if (decided is PriorLearningRecognised recognised && Record(session, portfolio, recognised) is { } unrecorded)
        {
            return Answers.Refused(unrecorded);
        }

        await session.SaveChangesAsync(cancellation);
        return await answers.Show(portfolioId, http, cancellation);
    }

    private async Task<Institution> InstitutionOf(string institutionId, CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        return (await session.LoadAsync<Institution>(Institution.StreamOf(institutionId), cancellation))!;
    }

    /// <summary>The outcome, and its record id claimed for ever.</summary>
    private Refusal? Record(IDocumentSession session, Portfolio portfolio, PriorLearningRecognised recognised)
    {
        var record = PriorLearningDecider.RecordOf(portfolio);
        var source = new OutcomeSource(PriorLearningDecider.SourceKind, portfolio.Id);
        if (!recording.First(recognised.OutcomeId, record, source, Today).Is(out var events, out var refusal))
        {
            return refusal;
        }

        session.Events.Append(portfolio.AccountId, [.. events]);
        ExpiryEntry.Keep(session, portfolio.AccountId, events);
        var id = RecordKeys.ClaimId(vault.Keys, record.InstitutionId, record.RecordId);
        session
            .ForTenant(books.BookOfKey(RecordClaim.KeyKind, id))
            .Insert(
                new RecordClaim
                {
                    Id = id,
                    AccountId = portfolio.AccountId,
                    OutcomeId = recognised.OutcomeId,
                    Revisions =
                    [
                        new ClaimedRevision(
                            record.Revision,
                            RecordKeys.ContentTag(vault.Keys, portfolio.AccountId, RecordKeys.Academic(record))
                        ),
                    ],
                }
            );
        return null;
    }
}
