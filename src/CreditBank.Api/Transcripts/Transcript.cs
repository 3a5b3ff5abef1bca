using System.Security.Cryptography;
using System.Text;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// A registry's submission: institution and reference name it. In the registry book. Sending it again starts another
/// <see cref="TranscriptSending"/> of the same transcript.
/// </summary>
public sealed class Transcript
{
    /// <summary>Derived from institution and reference: <see cref="IdOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The issuer.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The issuer's own name of the submission.</summary>
    public required string Reference { get; init; }

    /// <summary>The term it is about.</summary>
    public required string Term { get; init; }

    /// <summary>How many records it declares.</summary>
    public required int RowCount { get; init; }

    /// <summary>Whether persons without an account get one.</summary>
    public required bool OpenAccounts { get; init; }

    /// <summary>The newest sending, counted from 1.</summary>
    public required int Sending { get; init; }

    /// <summary>When it was first sent.</summary>
    public required Instant FirstSentAt { get; init; }

    /// <summary>The id of a transcript.</summary>
    public static string IdOf(string institutionId, string reference) =>
        "trn-"
        + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"transcript\n{institutionId}\n{reference}")).AsSpan(0, 12)
        );
}

/// <summary>
/// One time a transcript was sent, with its progress. One request writes it, with each batch of rows in the same
/// commit. In the registry book.
/// </summary>
public sealed class TranscriptSending
{
    /// <summary>A sending that is silent for longer was cut off without anyone left to say so.</summary>
    public static readonly Duration SilenceMax = Duration.FromMinutes(5);

    /// <summary>The transcript, a slash and the number.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the whole body was read: true complete, false cut short; none while it is being read.</summary>
    public bool? IsWhole { get; set; }

    /// <summary>How many rows are answered, by status.</summary>
    public required RowCounts Counts { get; set; }

    /// <summary>When it began.</summary>
    public required Instant StartedAt { get; init; }

    /// <summary>When its last batch became durable.</summary>
    public required Instant ProgressAt { get; set; }

    /// <summary>The id of a sending.</summary>
    public static string IdOf(string transcriptId, int sending) => $"{transcriptId}/{sending}";

    /// <summary>The state at an instant.</summary>
    public string StateAt(Instant now) =>
        IsWhole switch
        {
            true => TranscriptStates.Complete,
            false => TranscriptStates.Incomplete,
            null => now - ProgressAt > SilenceMax ? TranscriptStates.Incomplete : TranscriptStates.Receiving,
        };
}

/// <summary>The states of a transcript.</summary>
public static class TranscriptStates
{
    /// <summary>Its body is still being read.</summary>
    public const string Receiving = "receiving";

    /// <summary>Every declared row is answered.</summary>
    public const string Complete = "complete";

    /// <summary>The body ended early; sending it again completes it.</summary>
    public const string Incomplete = "incomplete";
}

/// <summary>Rows by status.</summary>
/// <param name="Accepted">Became outcomes or corrections.</param>
/// <param name="Duplicates">Were there already, with the same content.</param>
/// <param name="Suspended">Wait for their person.</param>
/// <param name="Rejected">Are wrong.</param>
public sealed record RowCounts(int Accepted, int Duplicates, int Suspended, int Rejected)
{
    /// <summary>No rows.</summary>
    public static readonly RowCounts None = new(0, 0, 0, 0);

    /// <summary>All rows.</summary>
    public int Total => Accepted + Duplicates + Suspended + Rejected;

    /// <summary>The sum.</summary>
    public static RowCounts operator +(RowCounts left, RowCounts right) =>
        new(
            left.Accepted + right.Accepted,
            left.Duplicates + right.Duplicates,
            left.Suspended + right.Suspended,
            left.Rejected + right.Rejected
        );

    /// <summary>The counts of results.</summary>
    public static RowCounts Of(IReadOnlyList<RowResult> results)
    {
        var (accepted, duplicates, suspended, rejected) = (0, 0, 0, 0);
        foreach (var result in results)
        {
            _ = result.Status switch
            {
                RowStatuses.Accepted => accepted++,
                RowStatuses.Duplicate => duplicates++,
                RowStatuses.Suspended => suspended++,
                _ => rejected++,
            };
        }

        return new RowCounts(accepted, duplicates, suspended, rejected);
    }
}

/// <summary>The statuses of a row (rulings 11).</summary>
public static class RowStatuses
{
    /// <summary>It is an outcome now, or corrected one.</summary>
    public const string Accepted = "accepted";

    /// <summary>It was there already, with the same content.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>It waits for its person.</summary>
    public const string Suspended = "suspended";

    /// <summary>It is wrong and had no effect.</summary>
    public const string Rejected = "rejected";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Accepted, Duplicate, Suspended, Rejected];
}

/// <summary>What became of one row.</summary>
public sealed record RowResult
{
    /// <summary>In NDJSON the line, the header being 1; in JSON the position in <c>records</c>, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The record; none where it could not be read, or must not be kept.</summary>
    public string? RecordId { get; init; }

    /// <summary>One of <see cref="RowStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The outcome it is.</summary>
    public string? OutcomeId { get; init; }

    /// <summary>Why it is suspended or rejected.</summary>
    public RowProblem? Problem { get; init; }
}

/// <summary>Why a row was not taken, in both languages.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Text">For people.</param>
/// <param name="Fields">The fields that are wrong; none where no single field is.</param>
public sealed record RowProblem(string Code, BilingualText Text, IReadOnlyList<RowField>? Fields = null);

/// <summary>A field that is wrong.</summary>
/// <param name="Pointer">Where in the record: a JSON Pointer.</param>
/// <param name="Code">Stable.</param>
/// <param name="Text">For people.</param>
public sealed record RowField(string Pointer, string Code, BilingualText Text);

/// <summary>
/// What became of one batch of rows: written in the commit that wrote the batch. In the registry book.
/// </summary>
public sealed class RowChunk
{
    /// <summary>The sending, a slash and the chunk's number.</summary>
    public required string Id { get; init; }

    /// <summary>The sending.</summary>
    public required string SendingId { get; init; }

    /// <summary>The last line in it.</summary>
    public required int LastLine { get; init; }

    /// <summary>The statuses that occur in it.</summary>
    public required IReadOnlyList<string> Statuses { get; init; }

    /// <summary>The rows, by line.</summary>
    public required IReadOnlyList<RowResult> Rows { get; init; }
}
