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
        with leaf as materialized ({LeafRuns.OfEvent})
        select leaf.log, leaf.leaf_index, {StoredEvents.Columns}, first.data
        from leaf
        join {Storage.Schema}.mt_events e on e.tenant_id = leaf.log and e.seq_id = leaf.seq_id and e.id = $1
        left join {Storage.Schema}.mt_events first
          on first.tenant_id = e.tenant_id and first.stream_id = e.stream_id and first.version = 1
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
        // One look for each database, whatever the number of books.
        var seen = new HashSet<string>();
        foreach (var book in logs.Books)
        {
            await using var connection = await reader.ConnectAsync(book, cancellation);
            if (
                seen.Add($"{connection.Host}:{connection.Port}/{connection.Database}")
                && await EventAsync(connection, id, cancellation) is { } found
            )
            {
                return found;
            }
        }

        return null;
    }

    private static async Task<Found?> EventAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = EventSql;
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            return null;
        }

        var first = row.IsDBNull(13) ? [] : row.GetFieldValue<byte[]>(13);
        return new Found(row.GetInt64(1), StoredEvents.Read(row, row.GetString(0), 2), first);
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
    )
    {
        State = "pending",
    };

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
