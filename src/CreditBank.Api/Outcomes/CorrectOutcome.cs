using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Transcripts;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Outcomes;

/// <summary>A higher revision of a record, whole, and why.</summary>
public sealed record CorrectOutcome
{
    /// <summary>Higher than the one that stands.</summary>
    public required int Revision { get; init; }

    /// <summary>Why: <c>gradeChange</c>, <c>creditChange</c>, <c>issuerError</c> ...</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in words. Kept sealed.</summary>
    public string? Text { get; init; }

    /// <summary>What it is.</summary>
    public required string Kind { get; init; }

    /// <summary>The issuer's code of the course or certificate.</summary>
    public required string CourseCode { get; init; }

    /// <summary>The course's or certificate's title.</summary>
    public required string Title { get; init; }

    /// <summary>The size of the course in <see cref="Unit"/>.</summary>
    public required Credits Credits { get; init; }

    /// <summary>Hours of study, where the issuer counts them.</summary>
    public Credits? Hours { get; init; }

    /// <summary>The issuer's unit.</summary>
    public required string Unit { get; init; }

    /// <summary>The level as the issuer states it.</summary>
    public StatedLevel? Level { get; init; }

    /// <summary><c>passed</c> or <c>failed</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The grade, where there is one.</summary>
    public GradeBody? Grade { get; init; }

    /// <summary>The first day of study.</summary>
    public LocalDate? StartedOn { get; init; }

    /// <summary>The day it was completed.</summary>
    public required LocalDate CompletedOn { get; init; }

    /// <summary>The discipline, where the issuer names one.</summary>
    public string? Subject { get; init; }

    /// <summary>The same as a line of a transcript, about a learner whom only the ledger knows.</summary>
    internal RecordBody AsRecord(string recordId) =>
        new()
        {
            RecordId = recordId,
            Revision = Revision,
            Learner = new LearnerBody { AccountId = string.Empty },
            Kind = Kind,
            CourseCode = CourseCode,
            Title = Title,
            Credits = Credits,
            Hours = Hours,
            Unit = Unit,
            Level = Level,
            Result = Result,
            Grade = Grade,
            StartedOn = StartedOn,
            CompletedOn = CompletedOn,
            Subject = Subject,
        };
}

/// <summary>Corrects outcomes.</summary>
public static class CorrectOutcomeEndpoint
{
    /// <summary>The wrong fields, all of them: those of a record, and the reason.</summary>
    public sealed class Validator : AbstractValidator<CorrectOutcome>
    {
        private static readonly RecordBodyValidator OfRecord = new();

        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Reason).OneOf(CorrectionReasons.All);
            RuleFor(command => command.Text).OptionalText(2000);
            RuleFor(command => command)
                .Custom(
                    (command, context) =>
                        OfRecord.Validate(command.AsRecord("record")).Errors.ForEach(context.AddFailure)
                );
        }
    }

    /// <summary>
    /// The issuer replaces a record by a higher revision. When it is now worth less than what is held or converted of
    /// it, the lines of transfers that rest on it are taken back whole and evaluated again, for the receiver to decide.
    /// </summary>
    [WolverinePost("/v1/outcomes/{outcomeId}/corrections", OperationId = "correctOutcome")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "outcome.unknown")]
    [Refuses(409, "institution.merged", "outcome.ended", "outcome.personErased", "record.revision")]
    [Refuses(422, "record.invalid")]
    [ProducesResponseType<OutcomeChangeBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Post(
        string outcomeId,
        CorrectOutcome command,
        HttpContext http,
        OutcomeChanges changes,
        Recording recording,
        CancellationToken cancellation
    ) =>
        changes.Change(
            outcomeId,
            command.Text,
            http,
            new OutcomeChange(
                (standing, noteId, today) =>
                    recording.Revise(
                        standing,
                        After(standing.Position.Record, command),
                        command.Reason,
                        noteId,
                        null,
                        today
                    ),
                (before, accreditation, today) => Check(before, command, accreditation, today)
            ),
            cancellation
        );

    /// <summary>What a transcript may not say a correction may not either; only a certificate needs no size.</summary>
    private static IReadOnlyList<FieldFinding> Check(
        OutcomeRecord before,
        CorrectOutcome command,
        AccreditationHistory accreditation,
        LocalDate today
    )
    {
        var findings = RecordChecks.Of(command.AsRecord(before.RecordId), accreditation, today);
        return before.Certificate is null
            ? findings
            : [.. findings.Where(finding => finding.Code != RecordChecks.ZeroCredits)];
    }

    /// <summary>A certificate stays the one that was verified, but for its code and its day.</summary>
    private static OutcomeRecord After(OutcomeRecord before, CorrectOutcome command)
    {
        var record = command.AsRecord(before.RecordId).ToRecord(before.InstitutionId);
        return record with
        {
            Certificate = before.Certificate is { } certificate
                ? certificate with
                {
                    Code = record.CourseCode,
                    IssuedOn = record.CompletedOn,
                }
                : null,
        };
    }
}
