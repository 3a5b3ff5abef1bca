using CreditBank.Api.Infrastructure.Http;
using FluentValidation;

namespace CreditBank.Api.Transcripts;

/// <summary>The first line of a transcript sent as NDJSON; a record a line follows.</summary>
public sealed record TranscriptHeader
{
    /// <summary>The issuer.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The issuer's own name of the transcript; sending the same again resumes. 1 to 128 characters.</summary>
    public required string Reference { get; init; }

    /// <summary>The term it is about, such as <c>2024-spring</c>; 1 to 64 characters.</summary>
    public required string Term { get; init; }

    /// <summary>How many records follow; the transcript is complete when so many are answered.</summary>
    public required int RowCount { get; init; }

    /// <summary>Whether persons without an account get one.</summary>
    public bool? OpenAccounts { get; init; }

    /// <summary>The most records of one transcript.</summary>
    public const int RowsMax = 10_000_000;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<TranscriptHeader>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(header => header.InstitutionId).Slug();
            RuleFor(header => header.Reference).Text(128);
            RuleFor(header => header.Term).Text(64);
            RuleFor(header => header.RowCount)
                .Must(rows => rows is >= 1 and <= RowsMax)
                .Says("transcript.rows", $"须为 1 至 {RowsMax}。", $"Must be from 1 to {RowsMax}.");
        }
    }
}

/// <summary>
/// The header line that came with an <c>Idempotency-Key</c>, for a day: the same key with another header is refused. In
/// the registry book.
/// </summary>
public sealed class HeaderKey
{
    /// <summary>The keyed hash of caller and key.</summary>
    public required string Id { get; init; }

    /// <summary>The keyed hash of the header line.</summary>
    public required string HeaderTag { get; init; }

    /// <summary>When it was first used.</summary>
    public required NodaTime.Instant UsedAt { get; init; }
}
