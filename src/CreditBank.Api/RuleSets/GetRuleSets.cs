using System.Text.Json.Nodes;
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
/// <param name="State"><c>published</c>, or <c>retired</c> when its end was set after publication.</param>
public sealed record RuleSetSummaryBody(
    string Version,
    string Family,
    string Hash,
    string Title,
    LocalDate From,
    LocalDate? To,
    int Equivalences,
    string State
)
{
    /// <summary>The summary of a published version in a language.</summary>
    public static RuleSetSummaryBody Of(RuleSet rules, RuleSetCatalog catalog, Language language) =>
        Of(
            rules,
            catalog.EndOf(rules),
            catalog.EndOf(rules) == rules.EffectiveToOn ? RuleSetStates.Published : RuleSetStates.Retired,
            language
        );

    /// <summary>The summary of a version in a language.</summary>
    /// <param name="rules">The version.</param>
    /// <param name="to">The day from which it is not in force.</param>
    /// <param name="state">One of <see cref="RuleSetStates"/>.</param>
    /// <param name="language">The language.</param>
    public static RuleSetSummaryBody Of(RuleSet rules, LocalDate? to, string state, Language language) =>
        new(
            rules.Version,
            rules.Family,
            rules.Hash,
            rules.Titles.In(language),
            rules.EffectiveFromOn,
            to,
            rules.EquivalenceCount,
            state
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
/// <param name="State"><c>published</c>, <c>retired</c>, or <c>draft</c> to those who may know of drafts.</param>
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
    string State,
    string StandardUnit,
    IReadOnlyList<string> Clauses,
    IReadOnlyList<RuleSource> Sources
)
{
    /// <summary>The body of a published version in a language.</summary>
    public static RuleSetBody Of(RuleSet rules, RuleSetCatalog catalog, Language language) =>
        Of(rules, RuleSetSummaryBody.Of(rules, catalog, language));

    /// <summary>The body of a version in a language.</summary>
    /// <param name="rules">The version.</param>
    /// <param name="to">The day from which it is not in force.</param>
    /// <param name="state">One of <see cref="RuleSetStates"/>.</param>
    /// <param name="language">The language.</param>
    public static RuleSetBody Of(RuleSet rules, LocalDate? to, string state, Language language) =>
        Of(rules, RuleSetSummaryBody.Of(rules, to, state, language));

    private static RuleSetBody Of(RuleSet rules, RuleSetSummaryBody summary)
    {
        return new RuleSetBody(
            summary.Version,
            summary.Family,
            summary.Hash,
            summary.Title,
            summary.From,
            summary.To,
            summary.Equivalences,
            summary.State,
            rules.StandardUnit,
            rules.ClauseIds,
            rules.Sources
        );
    }
}

/// <summary>How two versions differ.</summary>
/// <param name="From">The version that is left.</param>
/// <param name="To">The version that is gone to.</param>
/// <param name="Changes">By section and id; empty when both say the same.</param>
public sealed record RuleSetComparisonBody(
    RuleSetReference From,
    RuleSetReference To,
    IReadOnlyList<RuleSetChangeBody> Changes
)
{
    /// <summary>The body of a difference.</summary>
    public static RuleSetComparisonBody Of(RuleSetDifference difference) =>
        new(
            difference.From,
            difference.To,
            [
                .. difference.Changes.Select(change => new RuleSetChangeBody(
                    change.Section,
                    change.Id,
                    change.Kind,
                    change.Fields,
                    Parsed(change.Before),
                    Parsed(change.After)
                )),
            ]
        );

    private static JsonNode? Parsed(string? json) => json is null ? null : JsonNode.Parse(json);
}

/// <summary>One clause, parameter or row that differs.</summary>
/// <param name="Section">The section of the documents, such as <c>clauses</c>.</param>
/// <param name="Id">The entry's id; missing for a section without entries.</param>
/// <param name="Kind"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Fields">The fields that differ, when changed.</param>
/// <param name="Before">The entry before; missing when added.</param>
/// <param name="After">The entry after; missing when removed.</param>
public sealed record RuleSetChangeBody(
    string Section,
    string? Id,
    string Kind,
    IReadOnlyList<string> Fields,
    JsonNode? Before,
    JsonNode? After
);

/// <summary>Shows published rule sets to anyone.</summary>
public static class GetRuleSetsEndpoint
{
    /// <summary>All published versions, by version.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/rule-sets", OperationId = "listRuleSets")]
    [AsksPage]
    [ProducesResponseType<PageBody<RuleSetSummaryBody>>(StatusCodes.Status200OK)]
    public static IResult GetMany(HttpContext http, RuleSetLibrary library)
    {
        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        var catalog = library.Catalog;
        var found = catalog
            .All.OrderBy(rules => rules.Version, StringComparer.Ordinal)
            .Where(rules => string.CompareOrdinal(rules.Version, page.After) > 0)
            .Take(page.Limit + 1)
            .ToList();
        var language = Languages.Of(http.Request);
        return page.Answer(
            http,
            found,
            rules => rules.Version,
            rules => RuleSetSummaryBody.Of(rules, catalog, language)
        );
    }

    /// <summary>One version; drafts to rule editors, rule approvers and auditors.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/rule-sets/{version}", OperationId = "getRuleSet")]
    [Refuses(404, "rule-set.unknown")]
    [ProducesResponseType<RuleSetBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetOne(
        string version,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    )
    {
        if (await desk.FindAsync(version, http.Caller(), cancellation) is not { } rules)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        var (catalog, language) = (desk.Library.Catalog, Languages.Of(http.Request));
        http.Response.Headers.ETag = $"\"{rules.Hash}\"";
        return Answers.Ok(
            catalog.Find(version) is null
                ? RuleSetBody.Of(rules, rules.EffectiveToOn, RuleSetStates.Draft, language)
                : RuleSetBody.Of(rules, catalog, language)
        );
    }

    /// <summary>
    /// The documents of a version as one canonical JSON text (RFC 8785); its SHA-256 is the version's hash.
    /// </summary>
    [AllowAnonymous]
    [WolverineGet("/v1/rule-sets/{version}/documents", OperationId = "getRuleSetDocuments")]
    [Refuses(404, "rule-set.unknown")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "application/json")]
    public static async Task<IResult> GetDocuments(
        string version,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    )
    {
        if (await desk.FindAsync(version, http.Caller(), cancellation) is not { } rules)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        var tag = $"\"{rules.Hash}\"";
        http.Response.Headers.ETag = tag;
        return http.Request.Headers.IfNoneMatch.Contains(tag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Text(rules.CanonicalJson, "application/json");
    }

    /// <summary>What changes from one version to another, clause by clause.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/rule-sets/{a}/compare/{b}", OperationId = "compareRuleSets")]
    [Refuses(404, "rule-set.unknown")]
    [ProducesResponseType<RuleSetComparisonBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetComparison(
        string a,
        string b,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    ) =>
        await desk.FindAsync(a, http.Caller(), cancellation) is { } from
        && await desk.FindAsync(b, http.Caller(), cancellation) is { } to
            ? Answers.Ok(RuleSetComparisonBody.Of(RuleSetComparison.Compare(from, to)))
            : Answers.Refused(AccessRefusals.Unknown("rule-set"));
}
