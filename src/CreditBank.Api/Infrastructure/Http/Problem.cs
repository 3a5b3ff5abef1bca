using System.Text.Json.Serialization;
using CreditBank.Kernel;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>
/// An error body, <c>application/problem+json</c> (RFC 9457). <see cref="Code"/> is stable and part of the contract;
/// texts are for people, in the language of <c>Accept-Language</c>.
/// </summary>
public sealed record Problem
{
    /// <summary><c>urn:creditbank:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>A short text for people.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Stable, dotted, lower camel case.</summary>
    public required string Code { get; init; }

    /// <summary>The state that stood in the way, where one did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    /// <summary>What is wrong in the body, all of it; the one field where a refusal is about one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldProblem>? Errors { get; init; }

    /// <summary>The clauses that decided, where a rule did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Citation>? Clauses { get; init; }

    /// <summary>The trace to quote when asking for help.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>The problem of a code, in a language.</summary>
    public static Problem Of(int status, string code, BilingualText text, Language language) =>
        new()
        {
            Type = $"urn:creditbank:problem:{code}",
            Title = text.In(language),
            Status = status,
            Code = code,
        };

    /// <summary>The problem a refusal becomes, in a language.</summary>
    public static Problem Of(Refusal refusal, Language language) =>
        Of(StatusOf(refusal.Kind), refusal.Code, refusal.Text, language) with
        {
            State = refusal.State,
            Errors = refusal.Pointer is { } pointer
                ? [new FieldProblem(pointer, refusal.Code, refusal.Text.In(language))]
                : null,
            Clauses = refusal.Clauses.Count == 0 ? null : refusal.Clauses,
        };

    /// <summary>The one place where kinds of refusal become HTTP statuses (rulings 23).</summary>
    public static int StatusOf(RefusalKind kind) =>
        kind switch
        {
            RefusalKind.Unknown => StatusCodes.Status404NotFound,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.Rule => StatusCodes.Status422UnprocessableEntity,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}

/// <summary>One thing that is wrong in a body.</summary>
/// <param name="Pointer">Where: a JSON Pointer (RFC 6901); empty means the whole body.</param>
/// <param name="Code">What: stable.</param>
/// <param name="Message">What, for people.</param>
public sealed record FieldProblem(string Pointer, string Code, string Message)
{
    /// <summary>The file, where the body carries files.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File { get; init; }

    /// <summary>The line in that file, from 1; none where no line is meant.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }

    /// <summary>The column in that line, from 1; none where no column is meant.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Column { get; init; }
}
