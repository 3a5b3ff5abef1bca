using JasperFx;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// Claims an issuer's record id for ever, in the book of the key's own bucket, and remembers what was sent under it,
/// without keeping it: the same record is posted once, whoever sends it how often.
/// </summary>
public sealed class RecordClaim : IRevisioned
{
    /// <summary>The kind in <c>LedgerBooks.BookOfKey</c>.</summary>
    public const string KeyKind = "record";

    /// <summary>The keyed hash of institution and record id: <c>RecordKeys.ClaimId</c>.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The account that holds the outcome, after a merge the one that took over; none while the record is suspended.
    /// </summary>
    public string? AccountId { get; init; }

    /// <summary>
    /// The account the outcome was first recorded in, where a merge moved it: contents are compared under it for ever.
    /// </summary>
    public string? RecordedInId { get; init; }

    /// <summary>The account under which contents are compared.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? PersonId => RecordedInId ?? AccountId;

    /// <summary>The outcome; none while the record is suspended.</summary>
    public string? OutcomeId { get; init; }

    /// <summary>Whose record it is while it is suspended: the key of <see cref="SuspendedPerson"/>.</summary>
    public string? PersonTag { get; init; }

    /// <summary>Every revision that was taken, in rising order.</summary>
    public required IReadOnlyList<ClaimedRevision> Revisions { get; init; }

    /// <summary>The same claim with one revision more.</summary>
    public RecordClaim Grown(ClaimedRevision revision) => Changed(AccountId, [.. Revisions, revision]);

    /// <summary>The same claim of a suspended record, whose person is found under another tag.</summary>
    public RecordClaim WaitingFor(string personTag, ClaimedRevision revision) =>
        new()
        {
            Id = Id,
            PersonTag = personTag,
            Revisions = [revision],
            Version = Version,
        };

    /// <summary>The same claim, whose outcome a merge moved to another account, or back.</summary>
    public RecordClaim MovedTo(string accountId) => Changed(accountId, Revisions);

    private RecordClaim Changed(string? accountId, IReadOnlyList<ClaimedRevision> revisions) =>
        new()
        {
            Id = Id,
            AccountId = accountId,
            RecordedInId = PersonId == accountId ? null : PersonId,
            OutcomeId = OutcomeId,
            PersonTag = PersonTag,
            Revisions = revisions,
            Version = Version,
        };

    /// <summary>Guards changes: two writers at once, and the second decides anew.</summary>
    public int Version { get; set; }

    /// <summary>The newest revision.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ClaimedRevision Latest => Revisions[^1];

    /// <summary>Whether the record waits for its person.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsSuspended => OutcomeId is null;
}

/// <summary>A revision and the keyed hash of its content and person.</summary>
/// <param name="Revision">1 for the first.</param>
/// <param name="Tag">See <c>RecordKeys.ContentTag</c>.</param>
public sealed record ClaimedRevision(int Revision, string Tag);
