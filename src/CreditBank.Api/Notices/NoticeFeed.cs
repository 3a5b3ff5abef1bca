using CreditBank.Api.Claims;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.LearningAgreements;
using CreditBank.Api.PriorLearning;
using CreditBank.Api.Transfers;
using JasperFx;
using Marten;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.Notices;

/// <summary>
/// Up to where a book's events were told. In the registry book, so that all of a commit is in one place.
/// </summary>
public sealed class NoticeProgress : IRevisioned
{
    /// <summary>The book.</summary>
    public required string Id { get; init; }

    /// <summary>The last sequence number that was told, inclusive.</summary>
    public required long Sequence { get; set; }

    /// <summary>Of two servers that tell the same events, the second loses its commit.</summary>
    public int Version { get; set; }
}

/// <summary>
/// Reads what was committed, behind the writers, and makes notices of it and deliveries for the webhooks that want
/// them: each event exactly once, because notices, messages and progress are one commit.
/// </summary>
public sealed class NoticeFeed(LedgerBooks books, LaterMessages later, IClock clock, ILogger<NoticeFeed> log)
    : BackgroundService
{
    private const int BatchMax = 500;

    /// <summary>Progress without a notice is written this rarely; what lies between is looked through again.</summary>
    private const int QuietStep = 5_000;

    private const string Schema = Composition.Storage.Schema;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly string[] Names = [.. NoticeTypes.ByEvent.Keys];

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<string, (NoticeProgress Kept, long Seen)> positions = [];
    private SettledSequences? sequences;

    /// <summary>Tells everything that is settled now; for tests, which do not wait for the next look.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            while (await Look(cancellation)) { }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        gate.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CatchUpAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Another server was first, or the database is away: the next look begins at what is kept.
                positions.Clear();
                log.LogWarning(fault, "Notices wait; the next look is in {Pace}.", Pace);
            }
        }
    }

    /// <summary>One look at every book.</summary>
    /// <returns>Whether there is more.</returns>
    private async Task<bool> Look(CancellationToken cancellation)
    {
        await using var connection = books.Store.Storage.Database.CreateConnection();
        await connection.OpenAsync(cancellation);
        sequences ??= new SettledSequences(books.All);
        var settled = await sequences.LookAsync(connection, cancellation);
        if (positions.Count == 0)
        {
            await LoadPositions(cancellation);
        }

        var isMore = false;
        foreach (var (book, last) in settled)
        {
            if (last > positions[book].Seen)
            {
                isMore |= await Tell(connection, book, last, cancellation);
            }
        }

        return isMore;
    }

    private async Task LoadPositions(CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var kept = (await session.Query<NoticeProgress>().ToListAsync(cancellation)).ToDictionary(entry => entry.Id);
        foreach (var book in books.All)
        {
            var progress = kept.GetValueOrDefault(book) ?? new NoticeProgress { Id = book, Sequence = 0 };
            positions[book] = (progress, progress.Sequence);
        }
    }

    private async Task<bool> Tell(NpgsqlConnection connection, string book, long last, CancellationToken cancellation)
    {
        var (kept, seen) = positions[book];
        var (events, through) = await Read(connection, book, seen, last, cancellation);
        var isFull = events.Count == BatchMax;
        if (events.Count == 0 && through - kept.Sequence < QuietStep)
        {
            positions[book] = (kept, through);
            return false;
        }

        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        await Write(session, book, events, cancellation);
        await Follow(session, book, events, cancellation);
        var next = new NoticeProgress { Id = book, Sequence = through };
        session.UpdateRevision(next, kept.Version + 1);
        await session.SaveChangesAsync(cancellation);
        next.Version = kept.Version + 1;
        positions[book] = (next, through);
        return isFull;
    }

    private async Task Write(
        IDocumentSession session,
        string book,
        IReadOnlyList<ToldEvent> events,
        CancellationToken cancellation
    )
    {
        if (events.Count == 0)
        {
            return;
        }

        var concerned = await ConcernedBy(book, events, cancellation);
        await using var reading = books.Read(book);
        events = await Stakeholders.WithGrantersAsync(reading, events, cancellation);
        var webhooks = (
            await session.Query<Webhook>().Where(webhook => webhook.Ended == null).ToListAsync(cancellation)
        ).ToLookup(webhook => webhook.InstitutionId);
        var notices = events.SelectMany(told => NoticeRules.Of(told, concerned[told.StreamId])).ToList();
        var now = clock.GetCurrentInstant();
        foreach (var notice in notices)
        {
            var isLearners = Kernel.LedgerId.Is(notice.RecipientId, Kernel.LedgerIdKind.Account);
            (isLearners ? session.ForTenant(book) : (IDocumentOperations)session).Store(notice);
            foreach (var webhook in webhooks[notice.RecipientId].Where(webhook => webhook.Wants(notice.Type)))
            {
                session.Store(DeliveryOf(webhook, notice));
                await later.Send(session, new DeliverNotice(Delivery.IdOf(webhook.Id, notice.EventId)));
            }
        }
    }

    /// <summary>What the bank does by itself after an event, as part of the same commit.</summary>
    private async Task Follow(
        IDocumentSession session,
        string book,
        IReadOnlyList<ToldEvent> events,
        CancellationToken cancellation
    )
    {
        var voided = events.Where(told => told.Name == "transfer_lines_voided").Select(told => told.StreamId);
        var corrected = events
            .Where(told => told.Name == "outcome_corrected")
            .ToLookup(told => told.StreamId, told => told.OutcomeId!);
        await using var learners = books.Read(book);
        foreach (var message in await EvaluateAgain.After(learners, [.. voided.Distinct()], corrected, cancellation))
        {
            await later.Send(session, message);
        }
    }

    internal static Delivery DeliveryOf(Webhook webhook, Notice notice) =>
        new()
        {
            Id = Delivery.IdOf(webhook.Id, notice.EventId),
            WebhookId = webhook.Id,
            NoticeId = notice.Id,
            State = DeliveryStates.Pending,
            Place = notice.Place,
        };

    private async Task<Dictionary<string, Concerned>> ConcernedBy(
        string book,
        IReadOnlyList<ToldEvent> events,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(book);
        if (book == LedgerBooks.Registry)
        {
            return await ConcernedByInstitutions(session, events, cancellation);
        }

        var streams = events.Select(told => told.StreamId).Distinct().ToLookup(id => id[..3]);
        var concerned = streams["acc"].ToDictionary(id => id, id => new Concerned(id));
        foreach (var erased in events.Where(told => NoticeRules.NeedsStakeholders(told)))
        {
            concerned[erased.StreamId] = await Stakeholders.OfAccount(session, erased.StreamId, cancellation);
        }

        foreach (var transfer in await session.LoadManyAsync<Transfer>(cancellation, streams["trf"]))
        {
            concerned.Add(transfer.Id, Concerned.By(transfer));
        }

        foreach (var claim in await session.LoadManyAsync<CertificateClaim>(cancellation, streams["clm"]))
        {
            concerned.Add(claim.Id, Concerned.By(claim));
        }

        foreach (var portfolio in await session.LoadManyAsync<Portfolio>(cancellation, streams["rpl"]))
        {
            concerned.Add(portfolio.Id, Concerned.By(portfolio));
        }

        foreach (var agreement in await session.LoadManyAsync<LearningAgreement>(cancellation, streams["agr"]))
        {
            concerned.Add(agreement.Id, Concerned.By(agreement));
        }

        return concerned;
    }

    private static async Task<Dictionary<string, Concerned>> ConcernedByInstitutions(
        IQuerySession registry,
        IReadOnlyList<ToldEvent> events,
        CancellationToken cancellation
    )
    {
        var concerned = new Dictionary<string, Concerned>();
        foreach (var stream in events.Select(told => told.StreamId).Distinct())
        {
            concerned.Add(stream, await Stakeholders.OfInstitution(registry, stream, cancellation));
        }

        return concerned;
    }

    private static async Task<(IReadOnlyList<ToldEvent> Events, long Through)> Read(
        NpgsqlConnection connection,
        string book,
        long after,
        long last,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            $"""
            select seq_id, id, type, stream_id,
                   case type when 'conversion_taken_over' then data ->> 'transferId' else data ->> 'outcomeId' end,
                   (extract(epoch from timestamp) * 1000000)::bigint, data ->> 'awardId',
                   case when type = 'outcome_taken_over' then data -> 'record' ->> 'institutionId'
                        when type = 'conversion_taken_over' or data ? 'awardId' then data ->> 'institutionId' end,
                   version
            from {Schema}.mt_events_{book}
            where tenant_id = $1 and seq_id > $2 and seq_id <= $3 and type = any($4)
            order by seq_id limit {BatchMax}
            """,
            connection
        )
        {
            Parameters =
            {
                new NpgsqlParameter { Value = book },
                new NpgsqlParameter { Value = after },
                new NpgsqlParameter { Value = last },
                new NpgsqlParameter { Value = Names },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (events, through) = (new List<ToldEvent>(), last);
        while (await reader.ReadAsync(cancellation))
        {
            var recordedAt = StoredInstant.FromMicroseconds(reader.GetInt64(5));
            events.Add(
                new ToldEvent(
                    reader.GetGuid(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    TextAt(reader, 4),
                    recordedAt
                )
                {
                    AwardId = TextAt(reader, 6),
                    NamedId = TextAt(reader, 7),
                    Version = reader.GetInt64(8),
                }
            );
            through = events.Count == BatchMax ? reader.GetInt64(0) : last;
        }

        return (events, through);
    }

    private static string? TextAt(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}
