using System.Text.RegularExpressions;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;
using CreditBank.Rules;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.RuleSets;

/// <summary>Drafts a version of a rule set.</summary>
public sealed record DraftRuleSet
{
    /// <summary>
    /// The files of the version's folder by name: <c>rule-set.yaml</c> and other YAML files, <c>tables/*.csv</c>,
    /// worked cases <c>cases/*.yaml</c>; or <c>canonical.json</c>, the canonical text of a whole rule set, in place of
    /// YAML and tables.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Documents { get; init; }
}

/// <summary>A draft and how its cases came out.</summary>
/// <param name="Version">Such as <c>sqf-2016.1</c>; the documents name it.</param>
/// <param name="Family">Such as <c>sqf</c>.</param>
/// <param name="Hash">SHA-256 of the canonical text.</param>
/// <param name="State"><c>draft</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="From">The first day it would be in force.</param>
/// <param name="To">The day from which it would not; missing means a later version of the family ends it.</param>
/// <param name="Equivalences">How many equivalences it holds.</param>
/// <param name="Cases">The worked cases, all of which pass.</param>
/// <param name="Untouched">Clauses that no case touches.</param>
public sealed record RuleSetDraftBody(
    string Version,
    string Family,
    string Hash,
    string State,
    string Title,
    LocalDate From,
    LocalDate? To,
    int Equivalences,
    IReadOnlyList<RuleSetCaseBody> Cases,
    IReadOnlyList<string> Untouched
)
{
    /// <summary>The body of a draft in a language.</summary>
    public static RuleSetDraftBody Of(FolderCheck check, Language language)
    {
        var rules = check.RuleSet!;
        return new RuleSetDraftBody(
            rules.Version,
            rules.Family,
            rules.Hash,
            RuleSetStates.Draft,
            rules.Titles.In(language),
            rules.EffectiveFromOn,
            rules.EffectiveToOn,
            rules.EquivalenceCount,
            [.. check.Cases.Select(result => new RuleSetCaseBody(result.File, result.Id, result.Title))],
            check.Untouched
        );
    }
}

/// <summary>A worked case that passes.</summary>
/// <param name="File">Its file.</param>
/// <param name="Id">Its id, such as <c>RK-08</c>.</param>
/// <param name="Title">What it shows.</param>
public sealed record RuleSetCaseBody(string File, string Id, string Title);

/// <summary>Drafts rule sets.</summary>
public static partial class DraftRuleSetEndpoint
{
    /// <summary>The most files of one draft, inclusive.</summary>
    public const int FilesMax = 500;

    /// <summary>The most bytes of a draft, inclusive: room for tables of 50,000 rows and more.</summary>
    public const int BytesMax = 24 * 1024 * 1024;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<DraftRuleSet>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Documents)
                .Must(files => files is { Count: >= 1 and <= FilesMax })
                .Says("field.count", $"应有 1 至 {FilesMax} 个文件。", $"There must be 1 to {FilesMax} files.");
            RuleFor(command => command.Documents).Custom(NameWrongFiles);
        }
    }

    /// <summary>
    /// A rule editor drafts a version, or replaces an own draft. Every problem of the documents is named with file,
    /// line and column; every worked case must pass. Nothing decides under a draft.
    /// </summary>
    [WolverinePost("/v1/rule-sets", OperationId = "draftRuleSet")]
    [BodyLimit(BytesMax)]
    [Refuses(403, "access.drafter", "access.role")]
    [Refuses(409, "ruleSet.state")]
    [Refuses(422, "ruleSet.cases", "ruleSet.documents")]
    [ProducesResponseType<RuleSetDraftBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<RuleSetDraftBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        DraftRuleSet command,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    ) =>
        http.Caller().Lacks(CallerRoles.RuleEditor) is { } refusal
            ? Answers.Refused(refusal)
            : await desk.DraftAsync(command.Documents, http, cancellation);

    /// <summary>Whether a draft may carry a file of that name.</summary>
    public static bool IsFileName(string name) => FileName().IsMatch(name);

    private static void NameWrongFiles(
        IReadOnlyDictionary<string, string>? files,
        ValidationContext<DraftRuleSet> context
    )
    {
        foreach (var (name, text) in files ?? new Dictionary<string, string>())
        {
            if (!FileName().IsMatch(name) || text is null)
            {
                context.AddFailure(
                    new ValidationFailure(nameof(DraftRuleSet.Documents), FileText.En)
                    {
                        ErrorCode = "ruleSet.file",
                        CustomState = new BilingualText($"{FileText.Zh}（{name}）", $"{FileText.En} ({name})"),
                    }
                );
            }
        }
    }

    private static readonly BilingualText FileText = new(
        "文件应为文本，名称形如 *.yaml、tables/*.csv、cases/*.yaml 或 canonical.json。",
        "A file is a text named *.yaml, tables/*.csv, cases/*.yaml or canonical.json."
    );

    [GeneratedRegex(
        @"^(canonical\.json|(cases/)?[A-Za-z0-9][\w.-]{0,99}\.ya?ml|tables/[A-Za-z0-9][\w.-]{0,99}\.csv)\z"
    )]
    private static partial Regex FileName();
}
