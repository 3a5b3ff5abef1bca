using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.RuleSets;
using CreditBank.Kernel;
using CreditBank.Rules;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Equivalences;

/// <summary>An equivalence as it was published.</summary>
/// <param name="RuleSetVersion">The version that holds it.</param>
/// <param name="Clause">Its id, as decisions cite it.</param>
/// <param name="Title">What it says of itself, where it does.</param>
/// <param name="Alternatives">The alternatives; all sources of one are needed together.</param>
/// <param name="Target">What it becomes.</param>
/// <param name="Similarity">The measured similarity, 0 to 1.</param>
/// <param name="From">The first day on which it counts.</param>
/// <param name="To">The day from which it no longer counts.</param>
/// <param name="Cites">Where it comes from, or <c>ASSUMPTION</c>.</param>
public sealed record EquivalenceBody(
    string RuleSetVersion,
    string Clause,
    string? Title,
    IReadOnlyList<IReadOnlyList<EquivalenceSource>> Alternatives,
    EquivalenceTarget Target,
    Credits? Similarity,
    LocalDate? From,
    LocalDate? To,
    IReadOnlyList<string> Cites
)
{
    /// <summary>The body of an entry in a language.</summary>
    public static EquivalenceBody Of(EquivalenceEntry entry, Language language) =>
        new(
            entry.RuleSetVersion,
            entry.Clause,
            entry.Title?.In(language),
            entry.Alternatives,
            entry.Target,
            entry.Similarity,
            entry.FromOn,
            entry.ToOn,
            entry.Cites
        );
}

/// <summary>Shows to anyone which courses and certificates convert to what.</summary>
public static class GetEquivalencesEndpoint
{
    private const char Separator = ' ';

    /// <summary>
    /// The published equivalences of the versions in force today, or of <c>?ruleSet=</c>; with <c>?code=</c> those
    /// that name
    /// a course or certificate as source or target, with <c>?institutionId=</c> those of an issuer or receiver.
    /// </summary>
    [AllowAnonymous]
    [WolverineGet("/v1/equivalences", OperationId = "listEquivalences")]
    [Refuses(404, "rule-set.unknown")]
    [Asks("code", "A course or certificate, as source or target.")]
    [Asks("institutionId", "An issuer or receiver.")]
    [Asks("ruleSet", "A published version; those in force today unless given.")]
    [AsksPage]
    [ProducesResponseType<PageBody<EquivalenceBody>>(StatusCodes.Status200OK)]
    public static IResult Get(HttpContext http, RuleSetLibrary library, IClock clock)
    {
        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        var query = http.Request.Query;
        if (VersionsOf(query["ruleSet"].ToString(), library.Catalog, clock) is not { } versions)
        {
            return Answers.Refused(Access.AccessRefusals.Unknown("rule-set"));
        }

        var (code, institution) = (TextOf(query["code"].ToString()), TextOf(query["institutionId"].ToString()));
        var (afterVersion, afterClause) = PlaceOf(page.After);
        var found = versions
            .Where(rules => string.CompareOrdinal(rules.Version, afterVersion) >= 0)
            .SelectMany(rules =>
                EquivalenceListing.Of(rules, code, institution, rules.Version == afterVersion ? afterClause : null)
            )
            .Take(page.Limit + 1)
            .ToList();
        var language = Languages.Of(http.Request);
        return page.Answer(
            http,
            found,
            entry => $"{entry.RuleSetVersion}{Separator}{entry.Clause}",
            entry => EquivalenceBody.Of(entry, language)
        );
    }

    private static IEnumerable<RuleSet>? VersionsOf(string version, RuleSetCatalog catalog, IClock clock)
    {
        if (version.Length > 0)
        {
            return catalog.Find(version) is { } found ? [found] : null;
        }

        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        return catalog
            .All.Select(rules => rules.Family)
            .Distinct()
            .Select(family => catalog.InForce(family, today))
            .OfType<RuleSet>()
            .OrderBy(rules => rules.Version, StringComparer.Ordinal);
    }

    private static string? TextOf(string text) => text.Length == 0 ? null : text;

    private static (string Version, string? Clause) PlaceOf(string? after)
    {
        var parts = (after ?? string.Empty).Split(Separator, 2);
        return (parts[0], parts.Length > 1 ? parts[1] : null);
    }
}
