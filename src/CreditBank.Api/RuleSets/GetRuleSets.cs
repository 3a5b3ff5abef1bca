using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Rules;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.RuleSets;

/// <summary>A published version in a list.</summary>
/// <param name="Version">Such as <c>sqf-2016.1</c>; one path segment.</param>
/// <param name="Family">Such as <c>sqf</c>; programmes name it.</param>
/// <param name="Hash">SHA-256 of the canonical text.</param>
/// <param name="Title">Its title.</param>
/// <param name="From">The first day it is in force.</param>
/// <param name="To">The day from which it is not; missing means a later version of the family ends it.</param>
/// <param name="Equivalences">How many equivalences it holds.</param>
public sealed record RuleSetSummaryBody(
    string Version,
    string Family,
    string Hash,
    string Title,
    LocalDate From,
    LocalDate? To,
    int Equivalences
)
{
    /// <summary>The summary in a language.</summary>
    public static RuleSetSummaryBody Of(RuleSet rules, Language language) =>
        new(
            rules.Version,
            rules.Family,
            rules.Hash,
            rules.Titles.In(language),
            rules.EffectiveFromOn,
            rules.EffectiveToOn,
            rules.EquivalenceCount
        );
}

/// <summary>A published version.</summary>
/// <param name="Version">Such as <c>sqf-2016.1</c>.</param>
/// <param name="Family">Such as <c>sqf</c>.</param>
/// <param name="Hash">SHA-256 of the canonical text.</param>
/// <param name="Title">Its title.</param>
/// <param name="From">The first day it is in force.</param>
/// <param name="To">The day from which it is not.</param>
/// <param name="Equivalences">How many equivalences it holds.</param>
/// <param name="StandardUnit">The unit of standard credit.</param>
/// <param name="Clauses">Every id that a decision can cite.</param>
/// <param name="Sources">Where its values come from.</param>
public sealed record RuleSetBody(
    string Version,
    string Family,
    string Hash,
    string Title,
    LocalDate From,
    LocalDate? To,
    int Equivalences,
    string StandardUnit,
    IReadOnlyList<string> Clauses,
    IReadOnlyList<RuleSource> Sources
)
{
    /// <summary>The body in a language.</summary>
    public static RuleSetBody Of(RuleSet rules, Language language)
    {
        var summary = RuleSetSummaryBody.Of(rules, language);
        return new RuleSetBody(
            summary.Version,
            summary.Family,
            summary.Hash,
            summary.Title,
            summary.From,
            summary.To,
            summary.Equivalences,
            rules.StandardUnit,
            rules.ClauseIds,
            rules.Sources
        );
    }
}

/// <summary>Shows published rule sets to anyone.</summary>
public static class GetRuleSetsEndpoint
{
    /// <summary>All published versions, by version.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/rule-sets", OperationId = "listRuleSets")]
    [ProducesResponseType<PageBody<RuleSetSummaryBody>>(StatusCodes.Status200OK)]
    public static IResult GetMany(HttpContext http, RuleSetLibrary library)
    {
        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        var found = library
            .Catalog.All.OrderBy(rules => rules.Version, StringComparer.Ordinal)
            .Where(rules => string.CompareOrdinal(rules.Version, page.After) > 0)
            .Take(page.Limit + 1)
            .ToList();
        var language = Languages.Of(http.Request);
        return page.Answer(http, found, rules => rules.Version, rules => RuleSetSummaryBody.Of(rules, language));
    }

    /// <summary>One version.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/rule-sets/{version}", OperationId = "getRuleSet")]
    [ProducesResponseType<RuleSetBody>(StatusCodes.Status200OK)]
    public static IResult GetOne(string version, HttpContext http, RuleSetLibrary library)
    {
        if (library.Catalog.Find(version) is not { } rules)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        http.Response.Headers.ETag = $"\"{rules.Hash}\"";
        return Answers.Ok(RuleSetBody.Of(rules, Languages.Of(http.Request)));
    }

    /// <summary>The documents of a version as one canonical JSON text (RFC 8785); its SHA-256 is the version's hash.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/rule-sets/{version}/documents", OperationId = "getRuleSetDocuments")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "application/json")]
    public static IResult GetDocuments(string version, HttpContext http, RuleSetLibrary library)
    {
        if (library.Catalog.Find(version) is not { } rules)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        var tag = $"\"{rules.Hash}\"";
        http.Response.Headers.ETag = tag;
        return http.Request.Headers.IfNoneMatch.Contains(tag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Text(rules.CanonicalJson, "application/json");
    }
}
