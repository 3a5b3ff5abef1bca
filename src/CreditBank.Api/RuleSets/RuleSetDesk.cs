using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Rules;
using JasperFx.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.RuleSets;

/// <summary>What the life of a version needs beside the request.</summary>
public sealed class RuleSetDesk(LedgerBooks books, RuleSetLibrary library, ShippedRuleSets shipped, IClock clock)
{
    /// <summary>The books.</summary>
    public LedgerBooks Books => books;

    /// <summary>The published versions.</summary>
    public RuleSetLibrary Library => library;

    /// <summary>The family that recognises what is deposited.</summary>
    public string BankFamily => shipped.Family;

    /// <summary>The day in Shanghai.</summary>
    public LocalDate Today => BankCalendar.DayOf(clock.GetCurrentInstant());

    /// <summary>Now.</summary>
    public Instant Now => clock.GetCurrentInstant();

    /// <summary>The roles that may know of drafts.</summary>
    public static bool SeesDrafts(Caller caller) =>
        caller.Is(CallerRoles.RuleEditor) || caller.Is(CallerRoles.RuleApprover) || caller.Is(CallerRoles.Auditor);

    /// <summary>A version: published, or a draft to whoever may know of it; none otherwise.</summary>
    public async Task<RuleSet?> FindAsync(string version, Caller caller, CancellationToken cancellation)
    {
        if (library.Catalog.Find(version) is { } published)
        {
            return published;
        }

        if (!SeesDrafts(caller))
        {
            return null;
        }

        await using var session = books.Read(LedgerBooks.Registry);
        var record = await session.LoadAsync<RuleSetRecord>(RuleSetRecord.StreamOf(version), cancellation);
        return record is null ? null : await RulesAsync(session, record, cancellation);
    }

    /// <summary>The rule set a record names.</summary>
    public static async Task<RuleSet> RulesAsync(
        IQuerySession session,
        RuleSetRecord record,
        CancellationToken cancellation
    ) => RuleSetLibrary.Verified(record, (await session.LoadAsync<RuleSetText>(record.Hash, cancellation))!);

    /// <summary>Checks files beside what is published.</summary>
    public FolderCheck Check(IReadOnlyDictionary<string, string> files, LocalDate? effectiveFrom = null) =>
        DraftCheck.Run(files, library.Catalog.All, effectiveFrom);

    /// <summary>Drafts a version of files: 201 when something is new, 200 when it stands so already.</summary>
    public async Task<IResult> DraftAsync(
        IReadOnlyDictionary<string, string> documents,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var check = Check(documents);
        if (check.RuleSet is not { } rules)
        {
            return Answers.Refused(RuleSetRefusals.Documents, FindingsOf(check.Problems));
        }

        var files = RuleSetFiles.Of(documents);
        await using var session = books.Write(LedgerBooks.Registry, http.Actor());
        var stream = await OpenAsync(session, rules.Version, cancellation);
        var decision = RuleSetDecider.Draft(stream.Aggregate, check, files.Id, http.Caller().ActorId);
        if (!decision.Is(out var drafted, out var refusal))
        {
            return Refused(refusal, check);
        }

        var body = RuleSetDraftBody.Of(check, Languages.Of(http.Request));
        http.Response.Headers.ETag = $"\"{rules.Hash}\"";
        if (stream.Aggregate is { } standing && standing.Hash == rules.Hash && standing.FilesHash == files.Id)
        {
            return Answers.Ok(body);
        }

        stream.AppendOne(drafted);
        session.Store(new RuleSetText { Id = rules.Hash, CanonicalJson = rules.CanonicalJson });
        session.Store(files);
        await session.SaveChangesAsync(cancellation);
        return Answers.Created($"/v1/rule-sets/{rules.Version}", body);
    }

    /// <summary>The stream of a version, open for one decision.</summary>
    public static Task<IEventStream<RuleSetRecord>> OpenAsync(
        IDocumentSession session,
        string version,
        CancellationToken cancellation
    ) => session.Events.FetchForWriting<RuleSetRecord>(RuleSetRecord.StreamOf(version), cancellation);

    /// <summary>A refusal, with every case that does not pass where that is the reason.</summary>
    internal static IResult Refused(Refusal refusal, FolderCheck check) =>
        refusal.Code == "ruleSet.cases"
            ? Answers.Refused(refusal, FindingsOf(check.Cases.SelectMany(result => result.Mismatches)))
            : Answers.Refused(refusal);

    /// <summary>Problems of documents as findings of the body that carries them.</summary>
    internal static IReadOnlyList<FieldFinding> FindingsOf(IEnumerable<RuleProblem> problems) =>
        [
            .. problems.Select(problem => new FieldFinding(
                PointerOf(problem.File),
                problem.Code,
                new BilingualText(problem.Text, problem.Text)
            )
            {
                Place = problem.File.Length == 0 ? null : new FilePlace(problem.File, problem.Line, problem.Column),
            }),
        ];

    private static string PointerOf(string file) =>
        file.Length == 0
            ? "/documents"
            : "/documents/"
                + file.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
