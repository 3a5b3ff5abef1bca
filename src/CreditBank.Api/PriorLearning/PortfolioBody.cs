using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.PriorLearning;

/// <summary>An application for recognition of prior learning.</summary>
/// <param name="PortfolioId">Its id.</param>
/// <param name="AccountId">The learner's account.</param>
/// <param name="InstitutionId">Who assesses it.</param>
/// <param name="State">
/// <c>submitted</c>, <c>assessed</c>, <c>recognised</c>, <c>refused</c> or <c>withdrawn</c>.
/// </param>
/// <param name="Statement">What the learner says; missing in lists and once the person was erased.</param>
/// <param name="Evidence">The hashes of what supports it.</param>
/// <param name="SubmittedOn">The day it was submitted.</param>
/// <param name="DueOn">The last day of the service target, inclusive.</param>
/// <param name="Assessment">What the assessor found.</param>
/// <param name="OutcomeId">The outcome it became.</param>
/// <param name="Reason">The reason of the decision.</param>
/// <param name="DecidedOn">The day of the decision, or of the withdrawal.</param>
public sealed record PortfolioBody(
    string PortfolioId,
    string AccountId,
    string InstitutionId,
    string State,
    string? Statement,
    IReadOnlyList<string> Evidence,
    LocalDate SubmittedOn,
    LocalDate DueOn,
    AssessmentBody? Assessment,
    string? OutcomeId,
    string? Reason,
    LocalDate? DecidedOn
)
{
    /// <summary>The body of an application.</summary>
    /// <param name="portfolio">The application.</param>
    /// <param name="words">The vault's words by note id; what is not there is left out.</param>
    public static PortfolioBody Of(Portfolio portfolio, IReadOnlyDictionary<string, string> words) =>
        new(
            portfolio.Id,
            portfolio.AccountId,
            portfolio.InstitutionId,
            portfolio.State,
            words.GetValueOrDefault(portfolio.Submitted.NoteId),
            [.. portfolio.Submitted.Evidence.Select(item => item.Sha256)],
            portfolio.Submitted.SubmittedOn,
            portfolio.Submitted.DueOn,
            portfolio.Assessed is { } assessed
                ? new AssessmentBody(
                    assessed.Found?.CourseCode,
                    assessed.Found?.Title,
                    assessed.Found?.Amount,
                    assessed.Found?.Unit,
                    assessed.Found?.Level,
                    assessed.Method,
                    words.GetValueOrDefault(assessed.NoteId),
                    assessed.AssessedOn
                )
                : null,
            portfolio.OutcomeId,
            portfolio.NoteId is { } reason ? words.GetValueOrDefault(reason) : null,
            portfolio.DecidedOn
        );
}

/// <summary>What an assessor found; no course, no credit means that it is worth nothing.</summary>
/// <param name="CourseCode">The course it covers.</param>
/// <param name="Title">What was learned.</param>
/// <param name="Credits">In <paramref name="Unit"/>.</param>
/// <param name="Unit">The institution's unit.</param>
/// <param name="Level">Its level.</param>
/// <param name="Method">How it was assessed.</param>
/// <param name="Reason">Why.</param>
/// <param name="AssessedOn">The day in Shanghai.</param>
public sealed record AssessmentBody(
    string? CourseCode,
    string? Title,
    Credits? Credits,
    string? Unit,
    string? Level,
    string Method,
    string? Reason,
    LocalDate AssessedOn
);

/// <summary>Shows applications to those who may see them.</summary>
public sealed class PortfolioAnswers(LedgerBooks books, IdentityVault vault)
{
    /// <summary>The learner, the institution that assesses it, and the auditor.</summary>
    public static bool MaySee(Caller caller, Portfolio portfolio) =>
        caller.Owns(portfolio.AccountId) || caller.Is(CallerRoles.Auditor) || caller.ActsFor(portfolio.InstitutionId);

    /// <summary>
    /// The application of that id, also of an account that was merged into the caller's; none when there is none, or
    /// not for the caller.
    /// </summary>
    public async Task<Portfolio?> Find(string portfolioId, HttpContext http, CancellationToken cancellation)
    {
        if (!books.TryBookOf(portfolioId, LedgerIdKind.PriorLearning, out var book))
        {
            return null;
        }

        await using var session = books.Read(book);
        return
            await session.LoadAsync<Portfolio>(portfolioId, cancellation) is { } found
            && MaySee(await AbsorbedAccounts.CallerOn(http, books, found.AccountId, cancellation), found)
            ? found
            : null;
    }

    /// <summary>
    /// 200 with the application and its words, as it stands or as it was known at <c>?knownAt=</c>; or 404.
    /// </summary>
    public async Task<IResult> Show(string portfolioId, HttpContext http, CancellationToken cancellation)
    {
        if (await Find(portfolioId, http, cancellation) is not { } stands)
        {
            return Unknown;
        }

        await using var session = books.Read(books.BookOf(portfolioId));
        var (then, refused) = await PastStream.AsAskedAsync(http, books, session, portfolioId, stands, cancellation);
        return then is null
            ? refused ?? Unknown
            : Answers.Tagged(http, then.Version, await WithWords(then, cancellation));
    }

    /// <summary>The body with its words from the vault.</summary>
    public async Task<PortfolioBody> WithWords(Portfolio portfolio, CancellationToken cancellation)
    {
        string?[] notes = [portfolio.Submitted.NoteId, portfolio.Assessed?.NoteId, portfolio.NoteId];
        await using var session = books.Read(books.BookOf(portfolio.Id));
        var words = await vault.Read(session, portfolio.AccountId, [.. notes.OfType<string>()], cancellation);
        return PortfolioBody.Of(portfolio, words);
    }

    /// <summary>404.</summary>
    public static IResult Unknown => Answers.Refused(AccessRefusals.Unknown("priorLearning"));
}
