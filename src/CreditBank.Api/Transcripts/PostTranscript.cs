using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Outcomes;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Transcripts;

/// <summary>A transcript with its records, sent at once.</summary>
public sealed record PostTranscript
{
    /// <summary>The issuer.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The issuer's own name of the transcript; sending the same again resumes. 1 to 128 characters.</summary>
    public required string Reference { get; init; }

    /// <summary>The term it is about, such as <c>2024-spring</c>; 1 to 64 characters.</summary>
    public required string Term { get; init; }

    /// <summary>Whether persons without an account get one.</summary>
    public bool? OpenAccounts { get; init; }

    /// <summary>The records, 1 to 1,000; more go as NDJSON.</summary>
    public required IReadOnlyList<RecordBody> Records { get; init; }
}

/// <summary>Takes a transcript as JSON.</summary>
public static class PostTranscriptEndpoint
{
    /// <summary>The operation's name in the contract.</summary>
    public const string OperationName = "postTranscript";

    /// <summary>The most records of a JSON transcript.</summary>
    public const int RecordsMax = 1_000;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<PostTranscript>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.InstitutionId).Slug();
            RuleFor(command => command.Reference).Text(128);
            RuleFor(command => command.Term).Text(64);
            RuleFor(command => command.Records)
                .Must(records => records.Count is >= 1 and <= RecordsMax)
                .Says(
                    "transcript.records",
                    $"须为 1 至 {RecordsMax} 条；更多请用 NDJSON。",
                    $"Must be 1 to {RecordsMax} records; send more as NDJSON."
                );
            RuleForEach(command => command.Records).SetValidator(new RecordBodyValidator());
        }
    }

    /// <summary>A registry posts a term's records; each is answered, in one commit.</summary>
    [WolverinePost("/v1/transcripts", OperationId = OperationName)]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "institution.unknown")]
    [Refuses(409, "institution.merged", "institution.suspended")]
    [Refuses(422, "transcript.headerChanged")]
    [ProducesResponseType<TranscriptAnswer>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        PostTranscript command,
        HttpContext http,
        TranscriptIntake intake,
        CancellationToken cancellation
    )
    {
        if (MayNotPost(http.Caller(), command.InstitutionId) is { } refused)
        {
            return Answers.Refused(refused);
        }

        var header = new TranscriptHeader
        {
            InstitutionId = command.InstitutionId,
            Reference = command.Reference,
            Term = command.Term,
            RowCount = command.Records.Count,
            OpenAccounts = command.OpenAccounts,
        };
        var decision = await intake.TakeWhole(header, command.Records, http.Actor(), cancellation);
        return decision.Is(out var answer, out var refusal)
            ? Answers.Ok(AnswerOf(answer, Languages.Of(http.Request)))
            : Answers.Refused(refusal);
    }

    /// <summary>Nothing when the caller is the institution's registry.</summary>
    internal static Kernel.Refusal? MayNotPost(Caller caller, string institutionId) =>
        caller.Lacks(CallerRoles.Registry)
        ?? (caller.Is(CallerRoles.Registry, institutionId) ? null : AccessRefusals.Institution);

    private static TranscriptAnswer AnswerOf(WholeAnswer answer, Language language)
    {
        var counts = answer.Plan.Counts;
        return new TranscriptAnswer(
            answer.Sending.Transcript.Id,
            counts.Accepted,
            counts.Duplicates,
            counts.Suspended,
            counts.Rejected,
            [.. answer.Plan.Results.Select(result => RowBody.Of(result, language))]
        );
    }
}
