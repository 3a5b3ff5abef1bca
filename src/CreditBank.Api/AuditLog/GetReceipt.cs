using System.Text.Json;
using CreditBank.Api.Access;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;
using CreditBank.Ledger.Audit;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace CreditBank.Api.AuditLog;

/// <summary>Hands out receipts.</summary>
public static class GetReceiptEndpoint
{
    private const string MediaType = "text/plain";

    private const string EventSql = $"""
        select l.leaf_index, {StoredEvents.Columns}, first.data
        from {AuditLogSchema.Leaves} l
        join {Storage.Schema}.mt_events e on e.tenant_id = l.log and e.seq_id = l.seq_id and e.id = l.event_id
        left join {Storage.Schema}.mt_events first
          on first.tenant_id = e.tenant_id and first.stream_id = e.stream_id and first.version = 1
        where l.event_id = $1 and l.log = $2
        """;

    /// <summary>
    /// A receipt of an event (C2SP tlog-proof), to keep and to check offline years later. Its <c>extra</c> line is the
    /// event itself, in the bytes that were logged. For the learner of the account, the institution that recorded it or
    /// receives it, and auditors; an event of the last seconds may not be signed yet: 409, retry.
    /// </summary>
    [WolverineGet("/v1/audit/receipts/{eventId}", OperationId = "getReceipt")]
    [Refuses(404, "event.unknown")]
    [Refuses(409, "receipt.pending")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, MediaType)]
    public static async Task<IResult> Get(
        string eventId,
        HttpContext http,
        AuditLogs logs,
        LogReader reader,
        CancellationToken cancellation
    )
    {
        if (
            !Guid.TryParse(eventId, out var id)
            || await FindAsync(id, logs, reader, cancellation) is not { } found
            || !MaySee(http.Caller(), found)
        )
        {
            return Answers.Refused(AccessRefusals.Unknown("event"));
        }

        var book = found.Event.Envelope.Book;
        if (await reader.CheckpointAsync(book, cancellation) is not { } signed || found.Index >= signed.Checkpoint.Size)
        {
            http.Response.Headers.RetryAfter = "5";
            return Answers.Refused(Pending);
        }

        var receipt = await ReceiptAsync(found, signed, reader, cancellation);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{id}.tlog-proof\"";
        return TypedResults.Text(receipt.ToString(), MediaType);
    }

    private static async Task<TlogProof> ReceiptAsync(
        Found found,
        SignedCheckpoint signed,
        LogReader reader,
        CancellationToken cancellation
    )
    {
        var book = found.Event.Envelope.Book;
        var plan = ProofPlan.Inclusion(found.Index, signed.Checkpoint.Size);
        await using var connection = await reader.ConnectAsync(book, cancellation);
        var tiles = await LogTables.TilesAsync(connection, book, plan.Tiles, cancellation);
        var leaf = LogReader.LeafOf(new LeafWriter(), found.Event).ToArray();
        return new TlogProof(found.Index, plan.Resolve(tile => tiles[tile]), signed) { Extra = leaf };
    }

    private static async Task<Found?> FindAsync(
        Guid id,
        AuditLogs logs,
        LogReader reader,
        CancellationToken cancellation
    )
    {
        // The index has the event's id first: one look for each database, whatever the number of books.
        foreach (var book in await BooksOfAsync(id, logs, reader, cancellation))
        {
            await using var connection = await reader.ConnectAsync(book, cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = EventSql;
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = book });
            await using var row = await command.ExecuteReaderAsync(cancellation);
            if (await row.ReadAsync(cancellation))
            {
                var first = row.IsDBNull(12) ? [] : row.GetFieldValue<byte[]>(12);
                return new Found(row.GetInt64(0), StoredEvents.Read(row, book, 1), first);
            }
        }

        return null;
    }

    private static async Task<IReadOnlyList<string>> BooksOfAsync(
        Guid id,
        AuditLogs logs,
        LogReader reader,
        CancellationToken cancellation
    )
    {
        var seen = new HashSet<string>();
        var found = new List<string>();
        foreach (var book in logs.Books)
        {
            await using var connection = await reader.ConnectAsync(book, cancellation);
            if (!seen.Add($"{connection.Host}:{connection.Port}/{connection.Database}"))
            {
                continue;
            }

            await using var command = connection.CreateCommand();
            command.CommandText = $"select log from {AuditLogSchema.Leaves} where event_id = $1";
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                found.Add(rows.GetString(0));
            }
        }

        return found;
    }

    private static bool MaySee(Caller caller, Found found)
    {
        if (caller.Is(CallerRoles.Auditor))
        {
            return true;
        }

        var named = new NamedParties(found.Event.Data, found.FirstData);
        var stream = found.Event.Envelope.Stream;
        return (
                caller.Is(CallerRoles.Learner) && caller.AccountId is { } own && (stream == own || named.Account == own)
            )
            || (
                caller.InstitutionId is { } institution
                && IsInstitutional(caller)
                && named.Institutions.Contains(institution)
            );
    }

    private static bool IsInstitutional(Caller caller) => caller.Roles.Any(CallerRoles.Institutional.Contains);

    private static readonly Refusal Pending = new(
        "receipt.pending",
        RefusalKind.Conflict,
        new BilingualText(
            "该事件尚未签入检查点，请数秒后再试。",
            "No checkpoint covers the event yet; retry in some seconds."
        )
    );

    private sealed record Found(long Index, StoredEvent Event, byte[] FirstData);

    /// <summary>Whom an event is about: what it says itself, and what the first event of its stream says.</summary>
    private sealed class NamedParties
    {
        public NamedParties(byte[] data, byte[] firstData)
        {
            Look(data);
            Look(firstData);
        }

        public string? Account { get; private set; }

        public HashSet<string> Institutions { get; } = [];

        private void Look(byte[] json)
        {
            if (json.Length == 0)
            {
                return;
            }

            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            Account ??= Text(root, "accountId");
            foreach (var holder in new[] { root, Member(root, "record") })
            {
                foreach (var name in new[] { "institutionId", "providerId" })
                {
                    if (Text(holder, name) is { } institution)
                    {
                        Institutions.Add(institution);
                    }
                }
            }
        }

        private static JsonElement Member(JsonElement element, string name) =>
            element.TryGetProperty(name, out var member) ? member : default;

        private static string? Text(JsonElement element, string name) =>
            element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.String
                ? member.GetString()
                : null;
    }
}
