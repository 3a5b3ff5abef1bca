using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Outcomes;

/// <summary>What an issuer says of one learner's outcome, as it is sent: a line of a transcript.</summary>
public sealed record RecordBody
{
    /// <summary>The issuer's own id of the record, unique within it; 1 to 128 characters.</summary>
    public required string RecordId { get; init; }

    /// <summary>1 for the first, higher for each correction.</summary>
    public required int Revision { get; init; }

    /// <summary>Who it is about.</summary>
    public required LearnerBody Learner { get; init; }

    /// <summary>What it is: <c>academicCourse</c>, <c>xCertificate</c> ...</summary>
    public required string Kind { get; init; }

    /// <summary>The issuer's code of the course or certificate.</summary>
    public required string CourseCode { get; init; }

    /// <summary>The course's or certificate's title.</summary>
    public required string Title { get; init; }

    /// <summary>The size of the course in <see cref="Unit"/>, also when failed; 0 only then, or for leisure.</summary>
    public required Credits Credits { get; init; }

    /// <summary>Hours of study, where the issuer counts them.</summary>
    public Credits? Hours { get; init; }

    /// <summary>The issuer's unit, such as <c>cn-credit</c> or <c>ects</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The level as the issuer states it: a text or a whole number.</summary>
    public StatedLevel? Level { get; init; }

    /// <summary><c>passed</c> or <c>failed</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The grade, where there is one.</summary>
    public GradeBody? Grade { get; init; }

    /// <summary>The first day of study.</summary>
    public LocalDate? StartedOn { get; init; }

    /// <summary>The day it was completed; the outcome is true from then on.</summary>
    public required LocalDate CompletedOn { get; init; }

    /// <summary>The discipline, where the issuer names one.</summary>
    public string? Subject { get; init; }

    /// <summary>The record as the ledger keeps it: without the learner.</summary>
    /// <param name="institutionId">The issuer.</param>
    public OutcomeRecord ToRecord(string institutionId) =>
        new()
        {
            InstitutionId = institutionId,
            RecordId = RecordId,
            Revision = Revision,
            Kind = Kind,
            CourseCode = CourseCode,
            Title = Title,
            Credits = Credits,
            Hours = Hours,
            Unit = Unit,
            Level = Level?.Text,
            Result = Result,
            GradeScale = Grade?.Scale,
            GradeValue = Grade?.Value,
            StartedOn = StartedOn,
            CompletedOn = CompletedOn,
            Subject = Subject,
        };
}

/// <summary>Who a record is about: an account, or a person by document. Exactly one of the two.</summary>
public sealed record LearnerBody
{
    /// <summary>The account, where the issuer knows it.</summary>
    public string? AccountId { get; init; }

    /// <summary>The person's document.</summary>
    public IdentityBody? Identity { get; init; }

    /// <summary>The name, compared with the account's; a clear mismatch suspends the record.</summary>
    public string? Name { get; init; }
}

/// <summary>A grade as the issuer wrote it.</summary>
public sealed record GradeBody
{
    /// <summary>The scale, such as <c>percent</c>.</summary>
    public required string Scale { get; init; }

    /// <summary>The value on it.</summary>
    public required string Value { get; init; }
}

/// <summary>
/// A level as an issuer states it. In JSON a text or a whole number: <c>6</c> and <c>"6"</c> are the same.
/// </summary>
/// <param name="Text">The level as text.</param>
[JsonConverter(typeof(StatedLevelConverter))]
public readonly record struct StatedLevel(string Text);

/// <summary>Reads a level from text or a whole number; writes text.</summary>
public sealed class StatedLevelConverter : JsonConverter<StatedLevel>
{
    /// <inheritdoc/>
    public override StatedLevel Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => new StatedLevel(reader.GetString()!),
            JsonTokenType.Number when reader.TryGetInt32(out var number) => new StatedLevel(
                number.ToString(CultureInfo.InvariantCulture)
            ),
            _ => throw new JsonException("A level is a text or a whole number."),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, StatedLevel value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}
