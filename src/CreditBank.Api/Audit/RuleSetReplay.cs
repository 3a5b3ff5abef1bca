using System.Text.Json;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.RuleSets;
using CreditBank.Api.Transfers;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using Marten;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.Audit;

/// <summary>A version that decisions are replayed under.</summary>
/// <param name="Rules">The version, published or drafted.</param>
/// <param name="Published">All published versions.</param>
public sealed record OtherRules(RuleSet Rules, RuleSetCatalog Published)
{
    /// <summary>The version of that name as it stands; none when there is none.</summary>
    public static async Task<OtherRules?> FindAsync(
        LedgerBooks books,
        RuleSetLibrary library,
        string version,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var record = await session.LoadAsync<RuleSetRecord>(RuleSetRecord.StreamOf(version), cancellation);
        if (record is null)
        {
            return null;
        }

        await library.RefreshAsync(cancellation);
        return new OtherRules(await RuleSetDesk.RulesAsync(session, record, cancellation), library.Catalog);
    }

    /// <summary>The version in the text that a reference names; a draft may have another text by now.</summary>
    public static async Task<OtherRules> OfAsync(
        IQuerySession session,
        RuleSetLibrary library,
        RuleSetReference reference,
        CancellationToken cancellation
    )
    {
        var text = await session.LoadAsync<RuleSetText>(reference.Hash, cancellation);
        await library.RefreshAsync(cancellation);
        return new OtherRules(RuleSet.FromCanonicalJson(text!.CanonicalJson).RuleSet!, library.Catalog);
    }
}

/// <summary>
/// Evaluates every decision of the ledger again under another version: transfers from what their first evaluation was
/// asked, recognitions from the records. One learner after the other, so that memory holds the learners of a book who
/// transferred, and no more.
/// </summary>
/// <param name="books">The books.</param>
/// <param name="other">The version.</param>
/// <param name="knownAt">Only what was known at this instant, inclusive; none for everything.</param>
public sealed class RuleSetReplay(LedgerBooks books, OtherRules other, Instant? knownAt)
{
    private const int SliceLength = 20_000;

    private const string Sql = $"""
        select e.stream_id, e.version, e.type, e.data::text
        from {Storage.Schema}.mt_events e
        where e.tenant_id = $1 and (e.stream_id, e.version) > ($2, $3) and e.seq_id <= $4
          and (extract(epoch from e.timestamp) * 1000000)::bigint <= $5 and e.type = any ($6)
        order by e.stream_id, e.version
        limit $7
        """;

    private static readonly Type[] Types =
    [
        typeof(OutcomeRecorded),
        typeof(OutcomeCorrected),
        typeof(OutcomeRecognised),
        typeof(OutcomeWithdrawn),
        typeof(OutcomeRevoked),
    ];

    private static readonly string[] Names =
    [
        .. EventCatalogue.TypesByName.Where(pair => Types.Contains(pair.Value)).Select(pair => pair.Key),
    ];

    private readonly RuleSetComparison comparison = new(other.Rules, other.Published);

    /// <summary>What was compared so far.</summary>
    public RuleSetReplayReport Report() => comparison.Report();

    /// <summary>Compares a book.</summary>
    /// <param name="book">The book.</param>
    /// <param name="through">The last sequence number that is read, inclusive.</param>
    /// <param name="report">Hears how many events of the book were read, after each slice.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task BookAsync(
        string book,
        long through,
        Func<long, CancellationToken, Task> report,
        CancellationToken cancellation
    )
    {
        var learners = await TransfersAsync(book, cancellation);
        var place = (Stream: string.Empty, Version: 0L);
        var account = new Account(string.Empty);
        var eventsRead = 0L;
        while (true)
        {
            var slice = await SliceAsync(book, place.Stream, place.Version, through, cancellation);
            foreach (var (stream, version, @event) in slice)
            {
                if (stream != account.Id)
                {
                    Take(account, learners);
                    account = new Account(stream);
                }

                account.Read(@event);
                place = (stream, version);
            }

            eventsRead += slice.Count;
            await report(eventsRead, cancellation);
            if (slice.Count < SliceLength)
            {
                break;
            }
        }

        Take(account, learners);
        foreach (var learner in learners.Values)
        {
            comparison.Take(learner);
        }
    }

    private void Take(Account account, Dictionary<string, LearnerTally> learners)
    {
        if (account.Standing.Count == 0)
        {
            return;
        }

        if (!learners.Remove(account.Id, out var learner))
        {
            learner = new LearnerTally(account.Id);
        }

        foreach (var (record, recognised) in account.Standing)
        {
            comparison.Add(learner, record, recognised);
        }

        comparison.Take(learner);
    }

    private async Task<Dictionary<string, LearnerTally>> TransfersAsync(string book, CancellationToken cancellation)
    {
        var learners = new Dictionary<string, LearnerTally>(StringComparer.Ordinal);
        Func<IQueryable<Transfer>, IQueryable<Transfer>> which = knownAt is null
            ? PastDecisions.Approved
            : transfers => transfers;
        await foreach (var part in PastDecisions.ReadAsync(books, book, which, cancellation))
        {
            var then = knownAt is { } instant ? await ThenAsync(book, part, instant, cancellation) : part;
            var compared = then.AsParallel()
                .AsOrdered()
                .WithCancellation(cancellation)
                .Select(decided => comparison.Compare(decided.Transfer, decided.First?.Read()));
            foreach (var conversion in compared)
            {
                if (!learners.TryGetValue(conversion.AccountId, out var learner))
                {
                    learner = new LearnerTally(conversion.AccountId);
                    learners.Add(conversion.AccountId, learner);
                }

                comparison.Add(learner, conversion);
            }
        }

        return learners;
    }

    /// <summary>The transfers as they stood at an instant; those that were not approved by then are left out.</summary>
    private async Task<IReadOnlyList<(Transfer Transfer, RequestDocument? First)>> ThenAsync(
        string book,
        IReadOnlyList<(Transfer Transfer, RequestDocument? First)> part,
        Instant instant,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(book);
        var then = new List<(Transfer, RequestDocument?)>();
        foreach (var (now, first) in part)
        {
            var transfer = await session.Events.AggregateStreamAsync<Transfer>(
                now.Id,
                timestamp: instant.ToDateTimeOffset(),
                token: cancellation
            );
            if (transfer is { State: TransferStates.Approved or TransferStates.PartlyApproved })
            {
                then.Add((transfer, first));
            }
        }

        return then;
    }

    private async Task<List<(string Stream, long Version, object Event)>> SliceAsync(
        string book,
        string afterStream,
        long afterVersion,
        long through,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(book);
        await using var command = new NpgsqlCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = book },
                new NpgsqlParameter<string> { TypedValue = afterStream },
                new NpgsqlParameter<long> { TypedValue = afterVersion },
                new NpgsqlParameter<long> { TypedValue = through },
                new NpgsqlParameter<long> { TypedValue = knownAt?.ToUnixTimeTicks() / 10 ?? long.MaxValue },
                new NpgsqlParameter<string[]> { TypedValue = Names },
                new NpgsqlParameter<int> { TypedValue = SliceLength },
            },
        };
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        var slice = new List<(string, long, object)>();
        while (await reader.ReadAsync(cancellation))
        {
            var type = EventCatalogue.TypesByName[reader.GetString(2)];
            var data = reader.GetFieldValue<byte[]>(3);
            slice.Add(
                (reader.GetString(0), reader.GetInt64(1), JsonSerializer.Deserialize(data, type, LedgerJson.Options)!)
            );
        }

        return slice;
    }

    /// <summary>The records of one account and how they were recognised last.</summary>
    private sealed class Account(string id)
    {
        private readonly Dictionary<string, OutcomeRecord> records = [];
        private readonly Dictionary<string, OutcomeRecognised> recognitions = [];

        public string Id => id;

        public IReadOnlyList<(OutcomeRecord Record, OutcomeRecognised Recognised)> Standing =>
            [
                .. recognitions
                    .Values.Where(recognised => records.ContainsKey(recognised.OutcomeId))
                    .Select(recognised => (records[recognised.OutcomeId], recognised)),
            ];

        public void Read(object @event)
        {
            switch (@event)
            {
                case OutcomeRecorded recorded:
                    records[recorded.OutcomeId] = recorded.Record;
                    break;
                case OutcomeCorrected corrected:
                    records[corrected.OutcomeId] = corrected.Record;
                    break;
                case OutcomeRecognised recognised:
                    recognitions[recognised.OutcomeId] = recognised;
                    break;
                case OutcomeWithdrawn withdrawn:
                    recognitions.Remove(withdrawn.OutcomeId);
                    break;
                case OutcomeRevoked revoked:
                    recognitions.Remove(revoked.OutcomeId);
                    break;
            }
        }
    }
}
