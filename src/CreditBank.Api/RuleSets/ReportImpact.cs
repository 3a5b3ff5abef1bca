using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Rules;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine;
using Wolverine.Http;

namespace CreditBank.Api.RuleSets;

/// <summary>
/// An impact report: whom a version would touch, had it decided what was decided. Nothing changes by it.
/// </summary>
public sealed record ImpactBody
{
    /// <summary>Its id.</summary>
    public required string ImpactId { get; init; }

    /// <summary>The version, in the text it had when this was asked.</summary>
    public required RuleSetReference RuleSet { get; init; }

    /// <summary>The erratum it is for; none for an impact on all decisions.</summary>
    public string? ErratumId { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>completed</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>When it was asked for.</summary>
    public required Instant RequestedAt { get; init; }

    /// <summary>How many decisions were read so far.</summary>
    public required int DecisionsRead { get; init; }

    /// <summary>What it found, once completed.</summary>
    public ImpactReportBody? Report { get; init; }

    /// <summary>The body of a run; only an auditor sees which transfers are meant.</summary>
    public static ImpactBody Of(ImpactRun run, bool namesTransfers) =>
        new()
        {
            ImpactId = run.Id,
            RuleSet = new RuleSetReference(run.RuleSetVersion, run.Hash),
            ErratumId = run.Erratum?.ErratumId,
            State = run.State,
            RequestedAt = run.RequestedAt,
            DecisionsRead = run.DecisionsRead,
            Report = run.Findings is { } findings ? ImpactReportBody.Of(findings, run, namesTransfers) : null,
        };
}

/// <summary>The figures of an impact report, in standard credit.</summary>
/// <param name="Decisions">How many decisions of the family were evaluated again.</param>
/// <param name="NotReplayed">Decisions whose request was not kept; they are in no figure.</param>
/// <param name="Changed">How many would come out differently.</param>
/// <param name="Learners">How many learners it would touch.</param>
/// <param name="LearnersUp">How many of them would gain.</param>
/// <param name="LearnersDown">How many of them would lose.</param>
/// <param name="CreditsUp">The sum of all gains.</param>
/// <param name="CreditsDown">The sum of all losses, as a positive number.</param>
/// <param name="Examples">The largest changes, at most ten.</param>
/// <param name="Reopened">How many decisions the erratum reaches in its mode; none where no erratum is meant.</param>
/// <param name="Effects">Those decisions, at most a thousand, for the auditor.</param>
public sealed record ImpactReportBody(
    int Decisions,
    int NotReplayed,
    int Changed,
    int Learners,
    int LearnersUp,
    int LearnersDown,
    Credits CreditsUp,
    Credits CreditsDown,
    IReadOnlyList<ImpactExampleBody> Examples,
    int? Reopened,
    IReadOnlyList<ErratumEffect>? Effects
)
{
    /// <summary>The body of findings.</summary>
    public static ImpactReportBody Of(ImpactFindings findings, ImpactRun run, bool namesTransfers)
    {
        var report = findings.Report;
        return new ImpactReportBody(
            report.Decisions,
            findings.NotReplayed,
            report.Changed,
            report.LearnersUp + report.LearnersDown,
            report.LearnersUp,
            report.LearnersDown,
            report.CreditsUp,
            report.CreditsDown,
            [
                .. report.Examples.Select(example => new ImpactExampleBody(
                    example.Before,
                    example.After,
                    example.After - example.Before,
                    namesTransfers ? example.TransferId : null
                )),
            ],
            run.Erratum is null ? null : findings.EffectCount,
            run.Erratum is null || !namesTransfers ? null : findings.Effects
        );
    }
}

/// <summary>One decision that would come out differently.</summary>
/// <param name="Before">What was granted, in standard credit.</param>
/// <param name="After">What the version grants.</param>
/// <param name="Change">After less before.</param>
/// <param name="TransferId">Which transfer; the auditor alone sees it.</param>
public sealed record ImpactExampleBody(Credits Before, Credits After, Credits Change, string? TransferId);

/// <summary>Starts and shows impact reports.</summary>
public static class ReportImpactEndpoint
{
    /// <summary>
    /// Replays the approved transfers of the ledger under a version, usually a draft, in the background. Nothing
    /// changes.
    /// </summary>
    [WolverinePost("/v1/rule-sets/{version}/impact", OperationId = "startImpact")]
    [Refuses(403, "access.role")]
    [Refuses(404, "rule-set.unknown")]
    [Refuses(409, "ruleSet.state")]
    [ProducesResponseType<ImpactBody>(StatusCodes.Status202Accepted)]
    public static async Task<IResult> Post(
        string version,
        HttpContext http,
        RuleSetDesk desk,
        IMessageBus bus,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (caller.Lacks(CallerRoles.RuleEditor, CallerRoles.RuleApprover) is { } role)
        {
            return Answers.Refused(role);
        }

        await using var session = desk.Books.Write(LedgerBooks.Registry, http.Actor());
        var record = await session.LoadAsync<RuleSetRecord>(RuleSetRecord.StreamOf(version), cancellation);
        if (record is null)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        var run = ImpactRun.Ask(new RuleSetReference(version, record.Hash), caller.ActorId, desk.Now);
        session.Insert(run);
        await session.SaveChangesAsync(cancellation);

        // A crash between these two leaves it queued; ImpactResumption finds it at the next start.
        await bus.PublishAsync(new RunImpact(run.Id));
        return TypedResults.Accepted(run.Address, ImpactBody.Of(run, namesTransfers: false));
    }

    /// <summary>How far an impact report is, and what it found.</summary>
    [WolverineGet("/v1/rule-sets/{version}/impact/{impactId}", OperationId = "getImpact")]
    [Refuses(403, "access.role")]
    [Refuses(404, "impact.unknown", "rule-set.unknown")]
    [ProducesResponseType<ImpactBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string version,
        string impactId,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (caller.Lacks(CallerRoles.RuleEditor, CallerRoles.RuleApprover, CallerRoles.Auditor) is { } role)
        {
            return Answers.Refused(role);
        }

        await using var session = desk.Books.Read(LedgerBooks.Registry);
        var run = await session.LoadAsync<ImpactRun>(impactId, cancellation);
        return run is not null && run.RuleSetVersion == version
            ? Answers.Ok(ImpactBody.Of(run, caller.Is(CallerRoles.Auditor)))
            : Answers.Refused(AccessRefusals.Unknown("impact"));
    }
}
