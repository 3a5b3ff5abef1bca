using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.RuleSets;
using CreditBank.Kernel;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Awards;

/// <summary>What decisions on awards need beside the request.</summary>
public sealed class AwardDesk(LedgerBooks books, RuleSetLibrary library, IdentityVault vault, IClock clock)
{
    /// <summary>The books.</summary>
    public LedgerBooks Books => books;

    /// <summary>The day in Shanghai.</summary>
    public LocalDate Today => BankCalendar.DayOf(clock.GetCurrentInstant());

    /// <summary>Why the caller may not decide about an account because it is the own; none otherwise.</summary>
    public Task<Refusal?> OwnAffairsAsync(Caller caller, string accountId, CancellationToken cancellation) =>
        OwnAffairs.RefuseAsync(caller, accountId, books, vault, cancellation);

    /// <summary>
    /// Why an institution may not confer today; none when it may, or when there is no such institution.
    /// </summary>
    public Task<Refusal?> MayNotAct(string institutionId, CancellationToken cancellation) =>
        InstitutionReading.MayNotActAsync(books, institutionId, Today, cancellation);

    /// <summary>The version that measures on a day; none when the family has none in force.</summary>
    public RuleSet? RulesOf(EvaluationGround ground, LocalDate on) =>
        library.Catalog.InForce(ground.Programme.RuleSetFamily, on);

    /// <summary>
    /// Whether an institution may know of an account for an award: it has the learner's consent, issued something in
    /// it, or granted something.
    /// </summary>
    public static bool Knows(Account account, string institutionId, LocalDate today) =>
        account.Allows(institutionId, today)
        || account.Outcomes.Values.Any(position => position.Record.InstitutionId == institutionId)
        || account.Conversions.Any(conversion => conversion.InstitutionId == institutionId);

    /// <summary>What is to be measured, or why it cannot be.</summary>
    public async Task<Decision<AwardGround>> GroundAsync(
        Account account,
        ConferAward question,
        LocalDate on,
        CancellationToken cancellation
    )
    {
        var ground = await EvaluationGround.ReadAsync(
            books,
            question.InstitutionId,
            question.ProgrammeId,
            null,
            account.Outcomes.Values.Select(position => position.Record.InstitutionId),
            cancellation
        );
        if (ground is null)
        {
            return AccessRefusals.Unknown("programme");
        }

        if (AwardDecider.WrongEnrolment(question.EnrolledOn, on) is { } early)
        {
            return early;
        }

        IReadOnlyList<string> stacked = question.OutcomeIds is { } named
            ? [.. named.Order(StringComparer.Ordinal)]
            : AwardGround.OwnCourses(account, ground);
        return question.OutcomeIds is not null && AwardDecider.WrongOutcomes(account, stacked) is { } wrong
            ? wrong
            : new AwardGround(
                account,
                ground,
                [.. stacked.Where(id => AwardDecider.WrongOutcomes(account, [id]) is null)],
                question.EnrolledOn,
                on
            );
    }

    /// <summary>Finds the award, asks the decider and commits what it decides, with the reason in the vault.</summary>
    /// <param name="awardId">What the caller sent.</param>
    /// <param name="takesBack">Whether it takes the award back, which a suspended institution may do.</param>
    /// <param name="words">The reason.</param>
    /// <param name="http">The request.</param>
    /// <param name="decide">What the reason, in the vault, makes of the award.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<IResult> Change(
        string awardId,
        bool takesBack,
        string words,
        HttpContext http,
        Func<Award, string, Decision<object>> decide,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(awardId, LedgerIdKind.Award, out var book))
        {
            return Unknown;
        }

        await using var session = books.Write(book, http.Actor());
        if (await session.LoadAsync<AwardPlace>(awardId, cancellation) is not { } place)
        {
            return Unknown;
        }

        var own = session.ForTenant(books.BookOf(place.AccountId));
        var stream = await own.Events.FetchForWriting<Account>(place.AccountId, cancellation);
        if (!stream.Aggregate!.Awards.TryGetValue(awardId, out var award))
        {
            // A merge took it along since its place was read; it is looked for where it is now.
            return await Change(awardId, takesBack, words, http, decide, cancellation);
        }

        var refusal =
            MayNot(http.Caller(), stream.Aggregate, award)
            ?? await OwnAffairsAsync(http.Caller(), place.AccountId, cancellation)
            ?? await MayNotDecide(http.Caller().InstitutionId!, takesBack, cancellation);
        if (refusal is not null)
        {
            return Answers.Refused(refusal);
        }

        if (await own.LoadAsync<Person>(place.AccountId, cancellation) is not { } person)
        {
            return Answers.Refused(Transfers.TransferRefusals.Erased);
        }

        var noteId = vault.Keep(session, person, words);
        if (!decide(award, noteId).Is(out var decided, out var refused))
        {
            return Answers.Refused(refused);
        }

        stream.AppendOne(decided);
        await session.SaveChangesAsync(cancellation);
        return Answers.Ok(AwardBody.Of(place.AccountId, After(award, decided)));
    }

    /// <summary>
    /// After a merger the successor decides, and the predecessor no more; suspended, an institution takes back only.
    /// </summary>
    private Task<Refusal?> MayNotDecide(string institutionId, bool takesBack, CancellationToken cancellation) =>
        takesBack
            ? InstitutionReading.IsNoMoreAsync(books, institutionId, Today, cancellation)
            : MayNotAct(institutionId, cancellation);

    /// <summary>404.</summary>
    public static IResult Unknown => Answers.Refused(AccessRefusals.Unknown("award"));

    /// <summary>An approver of the institution may; who may see it otherwise is told so.</summary>
    private static Refusal? MayNot(Caller caller, Account account, Award award)
    {
        if (caller.Is(CallerRoles.Approver, award.Conferred.InstitutionId))
        {
            return null;
        }

        return
            caller.Owns(account.Id) || caller.Is(CallerRoles.Auditor) || caller.ActsFor(award.Conferred.InstitutionId)
            ? caller.Lacks(CallerRoles.Approver) ?? AccessRefusals.Institution
            : AccessRefusals.Unknown("award");
    }

    private static Award After(Award award, object decided) =>
        decided switch
        {
            Ledger.Events.AwardUpheld upheld => award.Apply(upheld),
            Ledger.Events.AwardRescinded rescinded => award.Apply(rescinded),
            _ => throw new InvalidOperationException($"{decided.GetType().Name} is no decision on an award."),
        };
}
