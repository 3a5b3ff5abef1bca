using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Ledger.Events;
using NodaTime.Text;

namespace CreditBank.Api.Transcripts;

/// <summary>The keyed hashes by which records are claimed and compared (rulings 7).</summary>
public static class RecordKeys
{
    private const char Between = '\u001f';

    /// <summary>The id of the claim on an institution's record id.</summary>
    public static string ClaimId(VaultKeys keys, string institutionId, string recordId) =>
        keys.LookupTag($"record\n{institutionId}\n{recordId}");

    /// <summary>The person a suspended record waits for, named by account.</summary>
    public static string PersonTag(VaultKeys keys, string accountId) => keys.LookupTag($"account\n{accountId}");

    /// <summary>
    /// The tag of what a revision says and whom it is about. Equal amounts are equal however they were written; the
    /// name is not part of it.
    /// </summary>
    /// <param name="keys">The vault's keys.</param>
    /// <param name="person">The account, or the person's tag while the record is suspended.</param>
    /// <param name="academic">What <see cref="Academic"/> gave.</param>
    public static string ContentTag(VaultKeys keys, string person, string academic) =>
        keys.ContentTag(string.Concat(person, "\n", academic));

    /// <summary>The academic fields of a record, in a fixed order.</summary>
    public static string Academic(OutcomeRecord record) =>
        string.Join(
            Between,
            record.Kind,
            record.CourseCode,
            record.Title,
            record.Credits.ToString(),
            record.Hours?.ToString(),
            record.Unit,
            record.Level,
            record.Result,
            record.GradeScale,
            record.GradeValue,
            record.StartedOn is { } started ? LocalDatePattern.Iso.Format(started) : null,
            LocalDatePattern.Iso.Format(record.CompletedOn),
            record.Subject
        );
}
