using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Accounts;

/// <summary>What of an account a caller may see.</summary>
public enum Sight
{
    /// <summary>Not even that it is there.</summary>
    Nothing,

    /// <summary>That it is there, and since when.</summary>
    Existence,

    /// <summary>What concerns the caller's own institution.</summary>
    OwnRows,

    /// <summary>Everything.</summary>
    Whole,
}

/// <summary>What of an account is asked for; consents tell the two apart.</summary>
public static class ConsentScopes
{
    /// <summary>The outcomes only.</summary>
    public const string Outcomes = "outcomes";

    /// <summary>The whole account: outcomes, balances, statement, history, transfers.</summary>
    public const string Account = "account";

    /// <summary>All scopes.</summary>
    public static readonly IReadOnlyList<string> All = [Outcomes, Account];
}

/// <summary>An account as one caller may see it.</summary>
/// <param name="Facts">What had been recorded at the instant asked for, reduced to what the caller may see.</param>
/// <param name="Sight">How much that is.</param>
/// <param name="EffectiveOn">The day asked for.</param>
/// <param name="MergedInto">The account that had taken it over by then; none while it stood for itself.</param>
public sealed record AccountView(
    IReadOnlyList<AccountFact> Facts,
    Sight Sight,
    LocalDate? EffectiveOn,
    string? MergedInto = null
)
{
    /// <summary>The version of the last fact.</summary>
    public long Version => Facts.Count == 0 ? 0 : Facts[^1].Version;
}

/// <summary>Opens an account for reading: who may see what of it (rulings 23), and as of when (rulings 10).</summary>
public static class AccountReading
{
    /// <summary>
    /// How much a caller may see before consents are known; <see cref="Sight.OwnRows"/> may become more.
    /// </summary>
    public static Sight SightOf(Caller caller, string accountId)
    {
        if (caller.Owns(accountId) || caller.Is(CallerRoles.Auditor))
        {
            return Sight.Whole;
        }

        if (InstitutionOf(caller) is not null)
        {
            return Sight.OwnRows;
        }

        return caller.Is(CallerRoles.Operator) || caller.Is(CallerRoles.Branch) ? Sight.Existence : Sight.Nothing;
    }

    /// <summary>The account as the caller may see it, or the answer that refuses.</summary>
    /// <param name="http">The request.</param>
    /// <param name="books">The books.</param>
    /// <param name="today">The day on which consents are looked at, in Shanghai.</param>
    /// <param name="accountId">The account.</param>
    /// <param name="scope">What is asked for: one of <see cref="ConsentScopes"/>.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<(AccountView? View, IResult? Refused)> OpenAsync(
        HttpContext http,
        LedgerBooks books,
        LocalDate today,
        string accountId,
        string scope,
        CancellationToken cancellation
    )
    {
        if (!AsOf.TryRead(http, out var asOf, out var wrong))
        {
            return (null, wrong);
        }

        var caller = await AbsorbedAccounts.CallerOn(http, books, accountId, cancellation);
        var sight = SightOf(caller, accountId);
        if (sight == Sight.Nothing || !books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return (null, Unknown);
        }

        await using var session = books.Read(book);
        var settled = await books.Settled.RefuseAsync(session, asOf.KnownAt, cancellation);
        var facts = AccountFacts.Of(await session.Events.FetchStreamAsync(accountId, token: cancellation));
        var (seen, how) = See(accountId, facts, caller, sight, scope, today);
        var visible = seen.KnownAt(asOf.KnownAt);
        if (visible.Count == 0)
        {
            return (null, Unknown);
        }

        if (settled is not null)
        {
            return (null, Answers.Refused(settled));
        }

        var mergedInto = visible.MergedInto(accountId);
        if (mergedInto is not null)
        {
            http.Response.Headers.Append("Link", $"</v1/accounts/{mergedInto}>; rel=\"successor-version\"");
        }

        return (new AccountView(visible, how, asOf.EffectiveOn, mergedInto), null);
    }

    /// <summary>The same for what stands in the account; that it exists is not enough to see it.</summary>
    public static async Task<(AccountView? View, IResult? Refused)> OpenContentAsync(
        HttpContext http,
        LedgerBooks books,
        LocalDate today,
        string accountId,
        string scope,
        CancellationToken cancellation
    )
    {
        var (view, refused) = await OpenAsync(http, books, today, accountId, scope, cancellation);
        return view is { Sight: Sight.Existence } ? (null, Answers.Refused(ContentIsNotYours)) : (view, refused);
    }

    /// <summary>What of the facts a caller sees. Pure.</summary>
    public static (IReadOnlyList<AccountFact> Facts, Sight Sight) See(
        string accountId,
        IReadOnlyList<AccountFact> facts,
        Caller caller,
        Sight sight,
        string scope,
        LocalDate today
    )
    {
        switch (sight)
        {
            case Sight.Whole:
                return (facts, sight);
            case Sight.OwnRows:
                var institution = InstitutionOf(caller)!;
                // What was allowed ends with a merge, since the survivor's consents are its own, and with the person.
                var allowed =
                    facts.MergedInto(accountId) is null
                    && facts.ErasedOn() is null
                    && facts
                        .Consents()
                        .Any(consent =>
                            consent.Granted.InstitutionId == institution
                            && consent.HoldsOn(today)
                            && (consent.Granted.Scope == ConsentScopes.Account || consent.Granted.Scope == scope)
                        );
                return allowed ? (facts, Sight.Whole) : (facts.OwnRowsOf(caller.ActsFor), sight);
            default:
                return ([.. facts.Where(TellsOfExistence)], sight);
        }
    }

    private static bool TellsOfExistence(AccountFact fact) =>
        fact.Data is AccountOpened or AccountsMerged or AccountsUnmerged or PersonErased;

    /// <summary>The institution the caller acts for; none when for none.</summary>
    public static string? InstitutionOf(Caller caller) =>
        caller.InstitutionId is { } institution && caller.Roles.Overlaps(CallerRoles.Institutional)
            ? institution
            : null;

    /// <summary>403: who opens accounts knows that they exist, not what stands in them.</summary>
    private static readonly Refusal ContentIsNotYours = AccessRefusals.Role(
        CallerRoles.Learner,
        CallerRoles.Registry,
        CallerRoles.Auditor
    );

    /// <summary>404: no such account, or not for the caller.</summary>
    public static IResult Unknown => Answers.Refused(AccessRefusals.Unknown("account"));
}
