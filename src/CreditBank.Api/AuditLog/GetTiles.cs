using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;
using CreditBank.Ledger.Audit;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Serves checkpoints and tiles as C2SP tlog-tiles lays them out below <c>/v1/audit/books/{book}/</c>. Routed without
/// Wolverine, because the names of tiles have slashes.
/// </summary>
internal static class GetTilesEndpoint
{
    private const string Bytes = "application/octet-stream";
    private const string ForEver = "public, max-age=31536000, immutable";

    public static void MapAuditLog(this WebApplication app)
    {
        app.MapGet("/v1/audit/books/{book}/checkpoint", GetCheckpoint)
            .AllowAnonymous()
            .WithName("getCheckpoint")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        app.MapGet("/v1/audit/books/{book}/tile/{level:int}/{**path}", GetTile)
            .AllowAnonymous()
            .WithName("getTile")
            .Produces<byte[]>(StatusCodes.Status200OK, Bytes);
        app.MapGet("/v1/audit/books/{book}/tile/entries/{**path}", GetEntries)
            .RequireAuthorization()
            .WithName("getEntries")
            .Produces<byte[]>(StatusCodes.Status200OK, Bytes);
    }

    /// <summary>The newest signed checkpoint (C2SP tlog-checkpoint).</summary>
    [Refuses(404, "checkpoint.unknown")]
    private static async Task<IResult> GetCheckpoint(
        string book,
        HttpContext http,
        AuditLogs logs,
        LogReader reader,
        CancellationToken cancellation
    )
    {
        if (!logs.Has(book) || await reader.CheckpointAsync(book, cancellation) is not { } checkpoint)
        {
            return Answers.Refused(AccessRefusals.Unknown("checkpoint"));
        }

        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Text(checkpoint.Note.ToString(), "text/plain", System.Text.Encoding.UTF8);
    }

    /// <summary>A tile of hashes: 32 bytes each, 256 when it is full.</summary>
    [Refuses(404, "tile.unknown")]
    private static async Task<IResult> GetTile(
        string book,
        int level,
        string path,
        HttpContext http,
        AuditLogs logs,
        LogReader reader,
        CancellationToken cancellation
    )
    {
        if (
            !logs.Has(book)
            || !TileId.TryParse($"tile/{level}/{path}", out var id)
            || await reader.TileAsync(book, id, cancellation) is not { } tile
        )
        {
            return Answers.Refused(AccessRefusals.Unknown("tile"));
        }

        http.Response.Headers.CacheControl = ForEver;
        return TypedResults.Bytes(tile, Bytes);
    }

    /// <summary>A bundle of entries, each behind its length in two bytes. For auditors (rulings 24).</summary>
    [Refuses(403, "access.role")]
    [Refuses(404, "tile.unknown")]
    private static async Task<IResult> GetEntries(
        string book,
        string path,
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

        try
        {
            return
                logs.Has(book)
                && TileId.TryParse($"tile/entries/{path}", out var id)
                && await reader.BundleAsync(book, id, cancellation) is { } bundle
                ? Bundle(http, bundle)
                : Answers.Refused(AccessRefusals.Unknown("tile"));
        }
        catch (LogBrokenException)
        {
            return Answers.Problem(StatusCodes.Status500InternalServerError, "audit.log.broken", BrokenText);
        }
    }

    private static Microsoft.AspNetCore.Http.HttpResults.FileContentHttpResult Bundle(HttpContext http, byte[] bundle)
    {
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Bytes(bundle, Bytes);
    }

    private static readonly BilingualText BrokenText = new(
        "审计日志与事件表不符，请查看 /health/ready。",
        "The audit log and the events do not agree: see /health/ready."
    );
}
