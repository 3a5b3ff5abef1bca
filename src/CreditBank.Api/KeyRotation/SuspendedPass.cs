using System.Text.Json;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Transcripts;
using CreditBank.Kernel;

namespace CreditBank.Api.KeyRotation;

/// <summary>
/// Persons whose records wait for them. Their key is wrapped anew. Where an identity names them they and their records
/// move to the book of its new tag, and the records' claims name that one; where an account names them they stay.
/// </summary>
internal sealed class SuspendedPass(VaultKeys keys, IdentityVault vault, LedgerBooks books) : IKeyPass
{
    public string What => "persons whose records wait";

    public Type Kind => typeof(SuspendedPerson);

    public async Task<PassedBatch> NextAsync(
        RotationBatch batch,
        string after,
        int count,
        CancellationToken cancellation
    )
    {
        var stale = await batch.StaleAsync<SuspendedPerson>(keys.Data.Current.Number, after, count, cancellation);
        if (stale.Count == 0)
        {
            return new PassedBatch(0, after);
        }

        var persons = stale.ToDictionary(person => person.Id, StringComparer.Ordinal);
        var records = await batch.ReadAsync<SuspendedRecord>("personTag", [.. persons.Keys], cancellation);
        var rows = records.Select(record => new WaitingRow(record, RowOf(record, persons[record.PersonTag]))).ToList();
        var moving = rows.Where(row => row.TagBefore != row.TagAfter).ToList();

        // A person without a record is one whose records are outcomes now: nothing is sealed under that key.
        await batch.TakeAsync<SuspendedPerson>(persons.Keys.GroupBy(_ => batch.Book), cancellation);
        await batch.TakeAsync<SuspendedRecord>(
            moving.Select(row => row.Record.Id).GroupBy(_ => batch.Book),
            cancellation
        );
        await batch.InsertAsync(
            rows.DistinctBy(row => row.TagBefore)
                .Select(row => Rewrapped(persons[row.TagBefore], row.TagAfter))
                .GroupBy(person => BookOf(person.Id)),
            person => person.Id,
            cancellation
        );
        await batch.InsertAsync(
            moving.Select(row => row.Record.With(row.TagAfter)).GroupBy(record => BookOf(record.PersonTag)),
            record => record.Id,
            cancellation
        );
        await RenameInClaimsAsync(batch, moving, cancellation);
        return new PassedBatch(stale.Count, stale[^1].Id);
    }

    private string BookOf(string personTag) => books.BookOfKey(SuspendedPerson.KeyKind, personTag);

    /// <summary>The record as it was sent, keyed as it would be keyed now.</summary>
    private CheckedRow RowOf(SuspendedRecord record, SuspendedPerson person) =>
        new RowChecker(record.InstitutionId, null, vault, BankCalendar.EarliestOn).Ready(0, record.Open(keys, person));

    private SuspendedPerson Rewrapped(SuspendedPerson person, string tag) =>
        new() { Id = tag, WrappedKey = keys.Rewrap(person.WrappedKey) };

    /// <summary>What a waiting record says is compared under its person's tag, so that is tagged anew too.</summary>
    private async Task RenameInClaimsAsync(RotationBatch batch, List<WaitingRow> moving, CancellationToken cancellation)
    {
        foreach (var book in moving.GroupBy(row => books.BookOfKey(RecordClaim.KeyKind, row.Record.Id)))
        {
            await batch.ChangeAsync<RecordClaim>(
                book.Key,
                [.. book.Select(row => row.Record.Id)],
                [.. book.Select(ClaimChange)],
                cancellation
            );
        }
    }

    private string ClaimChange(WaitingRow row)
    {
        var content = RecordKeys.ContentTag(keys, row.TagAfter, row.Row.Academic);
        return JsonSerializer.Serialize(
            new
            {
                PersonTag = row.TagAfter,
                Revisions = new[] { new ClaimedRevision(row.Row.Record.Revision, content) },
            },
            Ledger.LedgerJson.Options
        );
    }

    private sealed record WaitingRow(SuspendedRecord Record, CheckedRow Row)
    {
        public string TagBefore => Record.PersonTag;

        public string TagAfter => Row.PersonTag;
    }
}
