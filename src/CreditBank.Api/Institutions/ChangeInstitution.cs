using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.RuleSets;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Institutions;

/// <summary>Suspends an institution, or lifts its suspension.</summary>
public sealed record ChangeStanding
{
    /// <summary>The first day, inclusive; missing means today, in Shanghai.</summary>
    public LocalDate? From { get; init; }

    /// <summary>Why; anyone can read it.</summary>
    public required BilingualText Reason { get; init; }
}

/// <summary>Changes what an institution may issue.</summary>
public sealed record ChangeAccreditation
{
    /// <summary>What it may issue from that day on, whole.</summary>
    public required AccreditationBody Accreditation { get; init; }

    /// <summary>The first day, inclusive; missing means today, in Shanghai.</summary>
    public LocalDate? From { get; init; }

    /// <summary>Why; anyone can read it.</summary>
    public required BilingualText Reason { get; init; }
}

/// <summary>Makes an institution part of another.</summary>
public sealed record MergeInstitution
{
    /// <summary>The institution that answers for it.</summary>
    public required string SuccessorId { get; init; }

    /// <summary>The first day, inclusive; missing means today, in Shanghai.</summary>
    public LocalDate? From { get; init; }

    /// <summary>Why; anyone can read it.</summary>
    public required BilingualText Reason { get; init; }
}

/// <summary>Changes institutions. What they issued before stays what it is.</summary>
public static class ChangeInstitutionEndpoint
{
    /// <summary>The wrong fields of a suspension or reinstatement.</summary>
    public sealed class StandingValidator : AbstractValidator<ChangeStanding>
    {
        /// <summary>The rules.</summary>
        public StandingValidator()
        {
            RuleFor(command => command.Reason).SetValidator(new NoticeValidator());
        }
    }

    /// <summary>The wrong fields of a change of scope.</summary>
    public sealed class AccreditationValidator : AbstractValidator<ChangeAccreditation>
    {
        /// <summary>The rules.</summary>
        public AccreditationValidator()
        {
            RuleFor(command => command.Reason).SetValidator(new NoticeValidator());
            RuleForEach(command => command.Accreditation.Kinds).OneOf(OutcomeKinds.All);
            RuleFor(command => command.Accreditation.Kinds)
                .Must(kinds => kinds.Count > 0)
                .Says("field.empty", "至少一项。", "At least one.");
            RuleFor(command => command.Accreditation.From)
                .Must(from => from >= BankCalendar.EarliestOn)
                .Says("field.period", "日期早于 1900 年。", "The day is before 1900.");
            RuleFor(command => command.Accreditation.To)
                .Must((command, to) => to is null || to > command.Accreditation.From)
                .Says("field.period", "结束日须晚于开始日。", "The end must be after the start.");
        }
    }

    /// <summary>The wrong fields of a merger.</summary>
    public sealed class MergerValidator : AbstractValidator<MergeInstitution>
    {
        /// <summary>The rules.</summary>
        public MergerValidator()
        {
            RuleFor(command => command.SuccessorId).Slug();
            RuleFor(command => command.Reason).SetValidator(new NoticeValidator());
        }
    }

    /// <summary>
    /// The operator suspends: from that day on the institution records, claims and receives nothing new, and approves
    /// nothing. Transfers in progress stay as they are.
    /// </summary>
    [WolverinePost("/v1/institutions/{institutionId}/suspension", OperationId = "suspendInstitution")]
    [HonoursIfMatch]
    [Refuses(403, "access.role")]
    [Refuses(404, "institution.unknown")]
    [Refuses(409, "institution.merged", "institution.state")]
    [Refuses(422, "institution.pastDay")]
    [ProducesResponseType<InstitutionBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Suspend(
        string institutionId,
        ChangeStanding command,
        HttpContext http,
        InstitutionDesk desk,
        CancellationToken cancellation
    ) =>
        desk.ChangeAsync(
            institutionId,
            http,
            (standing, today) =>
                InstitutionDecider.Suspend(standing, command.From, command.Reason, today).Is(out var yes, out var no)
                    ? yes
                    : (Decision<object>)no,
            cancellation
        );

    /// <summary>The operator lifts a suspension: from that day on the institution acts again.</summary>
    [WolverinePost("/v1/institutions/{institutionId}/reinstatement", OperationId = "reinstateInstitution")]
    [HonoursIfMatch]
    [Refuses(403, "access.role")]
    [Refuses(404, "institution.unknown")]
    [Refuses(409, "institution.merged", "institution.state")]
    [Refuses(422, "institution.pastDay")]
    [ProducesResponseType<InstitutionBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Reinstate(
        string institutionId,
        ChangeStanding command,
        HttpContext http,
        InstitutionDesk desk,
        CancellationToken cancellation
    ) =>
        desk.ChangeAsync(
            institutionId,
            http,
            (standing, today) =>
                InstitutionDecider.Reinstate(standing, command.From, command.Reason, today).Is(out var yes, out var no)
                    ? yes
                    : (Decision<object>)no,
            cancellation
        );

    /// <summary>
    /// The operator changes what the institution may issue. What was completed before that day is judged by what held
    /// then.
    /// </summary>
    [WolverinePost("/v1/institutions/{institutionId}/accreditation", OperationId = "changeAccreditation")]
    [HonoursIfMatch]
    [Refuses(403, "access.role")]
    [Refuses(404, "institution.unknown")]
    [Refuses(409, "institution.merged")]
    [Refuses(422, "institution.pastDay")]
    [ProducesResponseType<InstitutionBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Accredit(
        string institutionId,
        ChangeAccreditation command,
        HttpContext http,
        InstitutionDesk desk,
        CancellationToken cancellation
    )
    {
        var body = command.Accreditation;
        var accreditation = new Accreditation(body.Kinds, body.Levels ?? [], body.From, body.To);
        return desk.ChangeAsync(
            institutionId,
            http,
            (standing, today) =>
                InstitutionDecider
                    .Change(standing, accreditation, command.From, command.Reason, today)
                    .Is(out var yes, out var no)
                    ? yes
                    : (Decision<object>)no,
            cancellation
        );
    }

    /// <summary>
    /// The operator records that the institution became part of another. From that day on the successor answers for it:
    /// it corrects, withdraws and revokes what was issued, sees its rows, and decides its transfers in progress.
    /// </summary>
    [WolverinePost("/v1/institutions/{institutionId}/merger", OperationId = "mergeInstitution")]
    [HonoursIfMatch]
    [Refuses(403, "access.role")]
    [Refuses(404, "institution.unknown")]
    [Refuses(409, "institution.merged")]
    [Refuses(422, "institution.pastDay", "institution.successor")]
    [ProducesResponseType<InstitutionBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Merge(
        string institutionId,
        MergeInstitution command,
        HttpContext http,
        InstitutionDesk desk,
        CancellationToken cancellation
    )
    {
        var successor = await desk.FindAsync(command.SuccessorId, cancellation);
        return await desk.ChangeAsync(
            institutionId,
            http,
            (standing, today) =>
                InstitutionDecider
                    .Merge(standing, successor, command.From, command.Reason, today)
                    .Is(out var yes, out var no)
                    ? yes
                    : (Decision<object>)no,
            cancellation
        );
    }
}

/// <summary>The way of a change of an institution, from its id to the commit.</summary>
public sealed class InstitutionDesk(LedgerBooks books, Successions successions, IClock clock)
{
    /// <summary>An institution; none when there is no such one.</summary>
    public async Task<Institution?> FindAsync(string institutionId, CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        return await session.LoadAsync<Institution>(Institution.StreamOf(institutionId), cancellation);
    }

    /// <summary>Decides and commits; only the operator may.</summary>
    public async Task<IResult> ChangeAsync(
        string institutionId,
        HttpContext http,
        Func<Institution, LocalDate, Decision<object>> decide,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Operator) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        await using var session = books.Write(LedgerBooks.Registry, http.Actor());
        var id = Institution.StreamOf(institutionId);
        var stream = await session.Events.FetchForWriting<Institution>(id, cancellation);
        if (stream.Aggregate is not { } standing)
        {
            return Answers.Refused(AccessRefusals.Unknown("institution"));
        }

        if (http.ExpectsOther(stream.CurrentVersion) is { } other)
        {
            return Answers.Refused(other);
        }

        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        if (!decide(standing, today).Is(out var @event, out var refused))
        {
            return Answers.Refused(refused);
        }

        stream.AppendOne(@event);
        await session.SaveChangesAsync(cancellation);
        successions.Forget();
        var changed = await session.LoadAsync<Institution>(id, cancellation);
        return Answers.Tagged(http, changed!.Version, InstitutionBody.Of(changed));
    }
}
