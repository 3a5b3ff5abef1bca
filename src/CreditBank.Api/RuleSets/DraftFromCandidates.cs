using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Rules;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.RuleSets;

/// <summary>Drafts a new version that adds precedents to a published one.</summary>
public sealed record DraftFromCandidates
{
    /// <summary>The number of the new version within the family, such as <c>2021.2</c>.</summary>
    public required string Number { get; init; }

    /// <summary>The first day it would be in force.</summary>
    public required LocalDate EffectiveFrom { get; init; }

    /// <summary>The candidates that become rules.</summary>
    public required IReadOnlyList<string> CandidateIds { get; init; }

    /// <summary>Further worked cases by file name; those of the published version are kept.</summary>
    public IReadOnlyDictionary<string, string>? Cases { get; init; }
}

/// <summary>A decision of people that could become a rule.</summary>
/// <param name="CandidateId">The same for the same pattern.</param>
/// <param name="Sources">What the outcomes are.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="CourseCodes">The courses they became.</param>
/// <param name="Granted">How often it was granted and approved.</param>
/// <param name="Refused">How often the same sources were refused there.</param>
/// <param name="Similarity">What the latest evaluator measured, 0 to 1; none where nothing was measured.</param>
/// <param name="DecidedOn">The day of the latest decision.</param>
public sealed record CandidateBody(
    string CandidateId,
    IReadOnlyList<PrecedentSourceBody> Sources,
    string InstitutionId,
    IReadOnlyList<string> CourseCodes,
    int Granted,
    int Refused,
    Credits? Similarity,
    LocalDate DecidedOn
)
{
    /// <summary>The body of a candidate.</summary>
    public static CandidateBody Of(PrecedentCandidate candidate) =>
        new(
            candidate.Id,
            [
                .. candidate.Sources.Select(source => new PrecedentSourceBody(
                    source.InstitutionId,
                    source.CourseCode,
                    source.CertificateCode,
                    source.CertificateLevel
                )),
            ],
            candidate.InstitutionId,
            candidate.CourseCodes,
            candidate.Granted,
            candidate.Refused,
            candidate.Latest.Similarity,
            candidate.Latest.DecidedOn
        );
}

/// <summary>What an outcome is to a rule.</summary>
/// <param name="InstitutionId">The issuer; none for a certificate.</param>
/// <param name="CourseCode">The issuer's code; none for a certificate.</param>
/// <param name="CertificateCode">The certificate's code; none for a course.</param>
/// <param name="CertificateLevel">The level printed on it.</param>
public sealed record PrecedentSourceBody(
    string? InstitutionId,
    string? CourseCode,
    string? CertificateCode,
    string? CertificateLevel
);

/// <summary>Shows precedents, and makes drafts of them.</summary>
public static class DraftFromCandidatesEndpoint
{
    private const int CandidatesMax = 200;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<DraftFromCandidates>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Number).Slug();
            RuleFor(command => command.CandidateIds)
                .Must(ids => ids is { Count: >= 1 and <= CandidatesMax } && ids.Distinct().Count() == ids.Count)
                .Says(
                    "field.count",
                    $"应有 1 至 {CandidatesMax} 项，不得重复。",
                    $"There must be 1 to {CandidatesMax}, each once."
                );
            RuleForEach(command => command.CandidateIds).Text(64);
            RuleFor(command => command.Cases)
                .Must(cases => cases is null || cases.All(file => IsCase(file.Key, file.Value)))
                .Says("ruleSet.file", "案例文件名应形如 cases/*.yaml。", "A case is a text named cases/*.yaml.");
        }

        private static bool IsCase(string name, string? text) =>
            text is not null
            && name.StartsWith("cases/", StringComparison.Ordinal)
            && DraftRuleSetEndpoint.IsFileName(name);
    }

    /// <summary>
    /// What evaluators granted under a version because no rule decided, and approvers approved: candidates for rules of
    /// the next version.
    /// </summary>
    [WolverineGet("/v1/rule-sets/{version}/candidates", OperationId = "listRuleCandidates")]
    [Refuses(403, "access.role")]
    [Refuses(404, "rule-set.unknown")]
    [ProducesResponseType<IReadOnlyList<CandidateBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string version,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.RuleEditor, CallerRoles.RuleApprover, CallerRoles.Auditor) is { } role)
        {
            return Answers.Refused(role);
        }

        if (desk.Library.Catalog.Find(version) is null)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        var found = await FindAsync(desk.Books, version, cancellation);
        IReadOnlyList<CandidateBody> body = [.. found.Select(CandidateBody.Of)];
        return Answers.Ok(body);
    }

    /// <summary>
    /// Drafts a new version that adds candidates as equivalences. It goes through the same door as any draft: its
    /// cases, the impact report, another person's approval.
    /// </summary>
    [WolverinePost("/v1/rule-sets/{version}/candidates", OperationId = "draftFromCandidates")]
    [Refuses(403, "access.drafter", "access.role")]
    [Refuses(404, "rule-set.unknown")]
    [Refuses(409, "ruleSet.state")]
    [Refuses(422, "candidate.unknown", "ruleSet.cases", "ruleSet.documents")]
    [ProducesResponseType<RuleSetDraftBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        string version,
        DraftFromCandidates command,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.RuleEditor) is { } role)
        {
            return Answers.Refused(role);
        }

        if (desk.Library.Catalog.Find(version) is not { } published)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        var found = (await FindAsync(desk.Books, version, cancellation)).ToDictionary(candidate => candidate.Id);
        if (command.CandidateIds.FirstOrDefault(id => !found.ContainsKey(id)) is { } unknown)
        {
            return Answers.Refused(RuleSetRefusals.Candidate(unknown));
        }

        var precedents = command.CandidateIds.Select(id => found[id].Latest).ToList();
        var draft = Precedents.Draft(published, command.Number, command.EffectiveFrom, precedents);
        if (draft.RuleSet is not { } rules)
        {
            return Answers.Refused(RuleSetRefusals.Documents, RuleSetDesk.FindingsOf(draft.Problems));
        }

        var files = new Dictionary<string, string>(await CasesAsync(desk.Books, version, cancellation));
        foreach (var (name, text) in command.Cases ?? new Dictionary<string, string>())
        {
            files[name] = text;
        }

        files[DraftCheck.CanonicalFile] = rules.CanonicalJson;
        return await desk.DraftAsync(files, http, cancellation);
    }

    private static async Task<IReadOnlyDictionary<string, string>> CasesAsync(
        LedgerBooks books,
        string version,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var record = await session.LoadAsync<RuleSetRecord>(RuleSetRecord.StreamOf(version), cancellation);
        var files = record?.FilesHash is { } hash ? await session.LoadAsync<RuleSetFiles>(hash, cancellation) : null;
        return (files?.Files ?? new Dictionary<string, string>())
            .Where(file => file.Key.StartsWith("cases/", StringComparison.Ordinal))
            .ToDictionary();
    }

    private static async Task<IReadOnlyList<PrecedentCandidate>> FindAsync(
        LedgerBooks books,
        string version,
        CancellationToken cancellation
    )
    {
        var candidates = new PrecedentCandidates(version);
        foreach (var book in books.Learners)
        {
            var decided = PastDecisions.ReadAsync(books, book, WithDecisions, cancellation);
            await foreach (var part in decided)
            {
                foreach (var (transfer, first) in part.Where(pair => pair.First is not null))
                {
                    candidates.Add(transfer, first!.Read());
                }
            }
        }

        return candidates.Found();
    }

    private static IQueryable<Transfer> WithDecisions(IQueryable<Transfer> transfers) =>
        transfers.Where(transfer => transfer.Decisions.Any());
}
