using System.Globalization;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Transcripts;

/// <summary>Shows what became of a transcript's records.</summary>
public static class GetTranscriptRecordsEndpoint
{
    /// <summary>
    /// A line for each record of the newest sending, in the order sent; <c>?status=</c> narrows. A record that was
    /// suspended shows what it is now; while it waits, its registry sees it as it was sent.
    /// </summary>
    [WolverineGet("/v1/transcripts/{transcriptId}/records", OperationId = "listTranscriptRecords")]
    [Refuses(400, "query.status")]
    [Refuses(403, "access.role")]
    [Refuses(404, "transcript.unknown")]
    [Asks("status", "A status: accepted, duplicate, suspended or rejected.")]
    [AsksPage]
    [ProducesResponseType<PageBody<RowBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string transcriptId,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(LedgerBooks.Registry);
        if (
            await GetTranscriptsEndpoint.Visible(session, transcriptId, http.Caller(), cancellation)
            is not { } transcript
        )
        {
            return Answers.Refused(GetTranscriptsEndpoint.Unknown);
        }

        var status = http.Request.Query["status"].ToString();
        if (status.Length > 0 && !RowStatuses.All.Contains(status))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "query.status", StatusText);
        }

        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        var after = 0;
        if (page.After is { } last && !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "query.cursor", CursorText);
        }

        var rows = await Rows(session, transcript, status, after, page.Limit + 1, cancellation);
        var isRegistry = http.Caller().Is(CallerRoles.Registry, transcript.InstitutionId);
        var waiting = await SuspendedRows.Load(books, vault, transcript, rows, isRegistry, cancellation);
        var language = Languages.Of(http.Request);
        return page.Answer(
            http,
            rows,
            row => row.Line.ToString(CultureInfo.InvariantCulture),
            row => waiting.Show(row, language)
        );
    }

    /// <summary>The rows behind a line, chunk after chunk until there are enough.</summary>
    private static async Task<List<RowResult>> Rows(
        IQuerySession session,
        Transcript transcript,
        string status,
        int after,
        int count,
        CancellationToken cancellation
    )
    {
        var sendingId = TranscriptSending.IdOf(transcript.Id, transcript.Sending);
        var rows = new List<RowResult>();
        while (rows.Count < count)
        {
            var chunk = await session
                .Query<RowChunk>()
                .Where(candidate => candidate.SendingId == sendingId && candidate.LastLine > after)
                .Where(candidate => status == "" || candidate.Statuses.Contains(status))
                .OrderBy(candidate => candidate.LastLine)
                .FirstOrDefaultAsync(cancellation);
            if (chunk is null)
            {
                break;
            }

            rows.AddRange(chunk.Rows.Where(row => row.Line > after && (status.Length == 0 || row.Status == status)));
            after = chunk.LastLine;
        }

        return [.. rows.Take(count)];
    }

    private static readonly BilingualText StatusText = new(
        $"status 应为以下之一：{string.Join(", ", RowStatuses.All)}。",
        $"status must be one of: {string.Join(", ", RowStatuses.All)}."
    );

    private static readonly BilingualText CursorText = new("cursor 无效。", "cursor is not one of ours.");
}

/// <summary>What rows that were suspended are now.</summary>
internal sealed class SuspendedRows
{
    /// <summary>The row, as it is now.</summary>
    public RowBody Show(RowResult row, Language language) =>
        current.TryGetValue(row.Line, out var now)
            ? RowBody.Of(now.Result, language, now.Record)
            : RowBody.Of(row, language);

    private readonly Dictionary<int, (RowResult Result, Outcomes.RecordBody? Record)> current = [];

    /// <summary>Reads the claims of suspended rows and, for their registry, the records themselves.</summary>
    public static async Task<SuspendedRows> Load(
        LedgerBooks books,
        IdentityVault vault,
        Transcript transcript,
        IReadOnlyList<RowResult> rows,
        bool isRegistry,
        CancellationToken cancellation
    )
    {
        var found = new SuspendedRows();
        var suspended = rows.Where(row => row.Status == RowStatuses.Suspended)
            .Select(row => (Row: row, ClaimId: RecordKeys.ClaimId(vault.Keys, transcript.InstitutionId, row.RecordId!)))
            .ToList();
        var lookup = new KeyLookup(books);
        foreach (var (_, claimId) in suspended)
        {
            lookup.Want<RecordClaim>(books.BookOfKey(RecordClaim.KeyKind, claimId), claimId);
        }

        await lookup.Run(cancellation);
        foreach (var (row, claimId) in suspended)
        {
            if (lookup.Found<RecordClaim>().GetValueOrDefault(claimId) is not { } claim)
            {
                continue;
            }

            if (claim.OutcomeId is { } outcomeId)
            {
                found.current.Add(row.Line, (Accepted(row, outcomeId), null));
            }
            else if (isRegistry)
            {
                var book = books.BookOfKey(SuspendedPerson.KeyKind, claim.PersonTag!);
                lookup.Want<SuspendedRecord>(book, claimId);
                lookup.Want<SuspendedPerson>(book, claim.PersonTag!);
            }
        }

        await lookup.Run(cancellation);
        foreach (var (row, claimId) in suspended)
        {
            if (
                lookup.Found<SuspendedRecord>().TryGetValue(claimId, out var record)
                && lookup.Found<SuspendedPerson>().TryGetValue(record.PersonTag, out var person)
            )
            {
                found.current.Add(row.Line, (row, record.Open(vault.Keys, person)));
            }
        }

        return found;
    }

    private static RowResult Accepted(RowResult row, string outcomeId) =>
        new()
        {
            Line = row.Line,
            RecordId = row.RecordId,
            Status = RowStatuses.Accepted,
            OutcomeId = outcomeId,
        };
}
