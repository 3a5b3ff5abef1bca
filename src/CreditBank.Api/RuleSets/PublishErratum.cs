using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using FluentValidation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine;
using Wolverine.Http;

namespace CreditBank.Api.RuleSets;

/// <summary>Publishes that a version was wrong in one clause.</summary>
public sealed record PublishErratum
{
    /// <summary>Unique within the version; letters, digits, <c>.</c>, <c>_</c>, <c>-</c>.</summary>
    public required string ErratumId { get; init; }

    /// <summary>The clause or equivalence that was wrong.</summary>
    public required string Clause { get; init; }

    /// <summary>
    /// <c>prospective</c>: later decisions only; <c>reopenIfBeneficial</c>: earlier ones where the learner gains;
    /// <c>voidAbInitio</c>: all earlier ones, with notice and appeal.
    /// </summary>
    public required string Mode { get; init; }

    /// <summary>The published version of the family that is right.</summary>
    public required string CorrectedBy { get; init; }

    /// <summary>What was wrong; anyone can read it.</summary>
    public required BilingualText Text { get; init; }
}

/// <summary>An erratum.</summary>
/// <param name="ErratumId">Its id.</param>
/// <param name="Version">The version that was wrong.</param>
/// <param name="Clause">The clause or equivalence that was wrong.</param>
/// <param name="Mode">What it means for decisions already taken.</param>
/// <param name="CorrectedBy">The version that is right.</param>
/// <param name="Text">What was wrong.</param>
/// <param name="PublishedOn">The day in Shanghai.</param>
/// <param name="Impact">Where the decisions it touches are being worked out; none for a prospective one, and none in
/// lists.</param>
public sealed record ErratumBody(
    string ErratumId,
    string Version,
    string Clause,
    string Mode,
    string CorrectedBy,
    string Text,
    LocalDate PublishedOn,
    string? Impact
)
{
    /// <summary>The body of an erratum in a language.</summary>
    public static ErratumBody Of(ErratumPublished erratum, Language language, string? impact = null) =>
        new(
            erratum.ErratumId,
            erratum.Version,
            erratum.Clause,
            erratum.Mode,
            erratum.CorrectedBy,
            erratum.Text.In(language),
            erratum.PublishedOn,
            impact
        );
}

/// <summary>Publishes errata, and shows them to anyone.</summary>
public static class PublishErratumEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<PublishErratum>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.ErratumId).Slug();
            RuleFor(command => command.Clause).Text(128);
            RuleFor(command => command.Mode).OneOf(RuleSetDecider.Modes);
            RuleFor(command => command.CorrectedBy).Slug();
            RuleFor(command => command.Text).SetValidator(new NoticeValidator());
        }
    }

    /// <summary>
    /// A rule approver publishes an erratum. Unless it is prospective, the decisions that cite the clause are worked
    /// out again under the correcting version, and the answer says where to read which of them it touches. No decision
    /// is changed by it.
    /// </summary>
    [WolverinePost("/v1/rule-sets/{version}/errata", OperationId = "publishErratum")]
    [Refuses(403, "access.role")]
    [Refuses(404, "rule-set.unknown")]
    [Refuses(409, "erratum.exists", "ruleSet.state")]
    [Refuses(422, "erratum.clause", "erratum.correctedBy")]
    [ProducesResponseType<ErratumBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        string version,
        PublishErratum command,
        HttpContext http,
        RuleSetDesk desk,
        IMessageBus bus,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.RuleApprover) is { } role)
        {
            return Answers.Refused(role);
        }

        await desk.Library.RefreshAsync(cancellation);
        await using var session = desk.Books.Write(LedgerBooks.Registry, http.Actor());
        var stream = await RuleSetDesk.OpenAsync(session, version, cancellation);
        if (stream.Aggregate is not { } standing)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        var catalog = desk.Library.Catalog;
        if (!RuleSetDecider.Correct(standing, catalog, EventOf(version, command, desk)).Is(out var erratum, out var no))
        {
            return Answers.Refused(no);
        }

        stream.AppendOne(erratum);
        ImpactRun? run = null;
        if (RuleSetDecider.ModeOf(erratum.Mode) != ErratumMode.Prospective)
        {
            run = ImpactRun.Ask(catalog.Find(erratum.CorrectedBy)!.Reference, http.Caller().ActorId, desk.Now, erratum);
            session.Insert(run);
        }

        await session.SaveChangesAsync(cancellation);
        if (run is not null)
        {
            await bus.PublishAsync(new RunImpact(run.Id));
        }

        return Answers.Created(
            $"/v1/rule-sets/{version}/errata",
            ErratumBody.Of(erratum, Languages.Of(http.Request), run?.Address)
        );
    }

    /// <summary>Everything that was published as wrong in a version, in order.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/rule-sets/{version}/errata", OperationId = "listErrata")]
    [Refuses(404, "rule-set.unknown")]
    [ProducesResponseType<IReadOnlyList<ErratumBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string version,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    )
    {
        await using var session = desk.Books.Read(LedgerBooks.Registry);
        var record = await session.LoadAsync<RuleSetRecord>(RuleSetRecord.StreamOf(version), cancellation);
        if (record is null or { State: RuleSetStates.Draft })
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        var language = Languages.Of(http.Request);
        IReadOnlyList<ErratumBody> body = [.. record.Errata.Select(erratum => ErratumBody.Of(erratum, language))];
        return Answers.Ok(body);
    }

    private static ErratumPublished EventOf(string version, PublishErratum command, RuleSetDesk desk) =>
        new(version, command.ErratumId, command.Clause, command.Mode, command.CorrectedBy, command.Text, desk.Today);
}
