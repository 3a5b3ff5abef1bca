using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Ledger.Audit;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.AuditLog;

/// <summary>Gives auditors what leaves name by its hash.</summary>
public static class GetAuditDocumentEndpoint
{
    private const string Json = "application/json";

    /// <summary>
    /// A rule set's canonical text, or a proposal with its trace, named by its SHA-256. For auditors.
    /// </summary>
    [WolverineGet("/v1/audit/documents/{sha256}", OperationId = "getAuditDocument")]
    [Refuses(403, "access.role")]
    [Refuses(404, "document.unknown")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, Json)]
    public static async Task<IResult> Get(
        string sha256,
        HttpContext http,
        AuditLogs logs,
        AuditDocuments documents,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Auditor) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        var text = await documents.RuleSetAsync(sha256, cancellation);
        foreach (var book in text is null ? logs.Books : [])
        {
            text ??= await documents.ProposalAsync(book, sha256, cancellation);
        }

        return text is null ? Answers.Refused(AccessRefusals.Unknown("document")) : TypedResults.Bytes(text, Json);
    }

    /// <summary>
    /// The canonical payload of a leaf that has only its hash, because it was too large. For auditors.
    /// </summary>
    [WolverineGet("/v1/audit/books/{book}/payloads/{index}", OperationId = "getAuditPayload")]
    [Refuses(403, "access.role")]
    [Refuses(404, "event.unknown")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, Json)]
    public static async Task<IResult> GetPayload(
        string book,
        long index,
        HttpContext http,
        AuditLogs logs,
        LogReader reader,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Auditor) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (logs.Books.Contains(book) && index is >= 0 and < long.MaxValue)
        {
            await foreach (var (_, stored) in reader.EventsAsync(book, index, index + 1, cancellation))
            {
                if (stored is { } present)
                {
                    return TypedResults.Bytes(CanonicalJson.Of(present.Data), Json);
                }
            }
        }

        return Answers.Refused(AccessRefusals.Unknown("event"));
    }
}
