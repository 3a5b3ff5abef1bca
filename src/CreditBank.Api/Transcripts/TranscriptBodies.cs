using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Outcomes;
using NodaTime;

namespace CreditBank.Api.Transcripts;

/// <summary>A transcript as it stands: the newest time it was sent.</summary>
/// <param name="TranscriptId">Its id.</param>
/// <param name="InstitutionId">The issuer.</param>
/// <param name="Reference">The issuer's own name of it.</param>
/// <param name="Term">The term it is about.</param>
/// <param name="State"><c>receiving</c>, <c>complete</c> or <c>incomplete</c>.</param>
/// <param name="RowCount">How many records it declares.</param>
/// <param name="Rows">How many are answered: the sum of the four below.</param>
/// <param name="Accepted">Became outcomes or corrections.</param>
/// <param name="Duplicates">Were there already.</param>
/// <param name="Suspended">Wait for their person.</param>
/// <param name="Rejected">Are wrong.</param>
/// <param name="Sending">How many times it was sent.</param>
/// <param name="FirstSentAt">When it was first sent.</param>
/// <param name="ProgressAt">When its last rows became durable.</param>
public sealed record TranscriptBody(
    string TranscriptId,
    string InstitutionId,
    string Reference,
    string Term,
    string State,
    int RowCount,
    int Rows,
    int Accepted,
    int Duplicates,
    int Suspended,
    int Rejected,
    int Sending,
    Instant FirstSentAt,
    Instant ProgressAt
)
{
    /// <summary>The body of a transcript and its newest sending.</summary>
    public static TranscriptBody Of(Transcript transcript, TranscriptSending sending, Instant now) =>
        new(
            transcript.Id,
            transcript.InstitutionId,
            transcript.Reference,
            transcript.Term,
            sending.StateAt(now),
            transcript.RowCount,
            sending.Counts.Total,
            sending.Counts.Accepted,
            sending.Counts.Duplicates,
            sending.Counts.Suspended,
            sending.Counts.Rejected,
            transcript.Sending,
            transcript.FirstSentAt,
            sending.ProgressAt
        );
}

/// <summary>What became of a transcript that was sent as JSON.</summary>
/// <param name="TranscriptId">Its id.</param>
/// <param name="Accepted">Became outcomes or corrections.</param>
/// <param name="Duplicates">Were there already.</param>
/// <param name="Suspended">Wait for their person.</param>
/// <param name="Rejected">Are wrong.</param>
/// <param name="Records">What became of each record, in the order sent.</param>
public sealed record TranscriptAnswer(
    string TranscriptId,
    int Accepted,
    int Duplicates,
    int Suspended,
    int Rejected,
    IReadOnlyList<RowBody> Records
);

/// <summary>What became of a record.</summary>
/// <param name="Line">In NDJSON the line, the header being 1; in JSON the position, from 1.</param>
/// <param name="RecordId">The record; none where it could not be read or may not be kept.</param>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c>, <c>suspended</c> or <c>rejected</c>.</param>
/// <param name="OutcomeId">The outcome it is.</param>
/// <param name="Problem">Why it is suspended or rejected.</param>
/// <param name="Record">The record as it was sent; only of suspended ones, and only for their registry.</param>
public sealed record RowBody(
    int Line,
    string? RecordId,
    string Status,
    string? OutcomeId,
    Problem? Problem,
    RecordBody? Record = null
)
{
    /// <summary>The body of a result, in a language.</summary>
    public static RowBody Of(RowResult result, Language language, RecordBody? record = null) =>
        new(result.Line, result.RecordId, result.Status, result.OutcomeId, ProblemOf(result.Problem, language), record);

    private static Problem? ProblemOf(RowProblem? problem, Language language) =>
        problem is null
            ? null
            : Infrastructure.Http.Problem.Of(
                StatusCodes.Status422UnprocessableEntity,
                problem.Code,
                problem.Text,
                language
            ) with
            {
                Errors = problem.Fields is { } fields
                    ? [.. fields.Select(field => new FieldProblem(field.Pointer, field.Code, field.Text.In(language)))]
                    : null,
            };
}
