using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Evidence;

/// <summary>Evidence that lies ready to be cited.</summary>
/// <param name="Sha256">Its name.</param>
/// <param name="Bytes">Its length.</param>
public sealed record EvidenceBody(string Sha256, int Bytes);

/// <summary>Takes evidence in.</summary>
public static class PutEvidenceEndpoint
{
    /// <summary>
    /// Whoever will cite it uploads it, as raw bytes of any media type. Named by its SHA-256, so sending it again
    /// changes nothing.
    /// </summary>
    [WolverinePut("/v1/evidence/{sha256}", OperationId = "putEvidence")]
    [Refuses(400, "evidence.name")]
    [Refuses(403, "access.role")]
    [Refuses(413, "evidence.tooLarge")]
    [Refuses(422, "evidence.empty", "evidence.hash")]
    [ProducesResponseType<EvidenceBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<EvidenceBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Put(
        string sha256,
        HttpContext http,
        [NotBody] LedgerBooks books,
        [NotBody] EvidenceStore store,
        CancellationToken cancellation
    )
    {
        if (!EvidenceStore.IsHash(sha256))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "evidence.name", NameText);
        }

        if (http.Request.ContentLength > EvidenceStore.BytesMax)
        {
            return Answers.Problem(StatusCodes.Status413PayloadTooLarge, "evidence.tooLarge", TooLargeText);
        }

        if (await store.Seal(sha256, http.Request.Body, cancellation) is not { } evidence)
        {
            return Answers.Problem(StatusCodes.Status413PayloadTooLarge, "evidence.tooLarge", TooLargeText);
        }

        if (evidence.Sha256 != sha256)
        {
            return Answers.Refused(OtherHash);
        }

        if (evidence.Record.Bytes == 0)
        {
            return Answers.Refused(Empty);
        }

        var body = new EvidenceBody(sha256, evidence.Record.Bytes);
        return await Keep(http, books, store, evidence, cancellation)
            ? Answers.Created($"/v1/evidence/{sha256}", body)
            : Answers.Ok(body);
    }

    /// <returns>False when it was there already.</returns>
    private static async Task<bool> Keep(
        HttpContext http,
        LedgerBooks books,
        EvidenceStore store,
        SealedEvidence evidence,
        CancellationToken cancellation
    )
    {
        await using var session = books.Write(store.BookOf(evidence.Sha256), http.Actor());
        if (await session.CheckExistsAsync<EvidenceRecord>(evidence.Sha256, cancellation))
        {
            return false;
        }

        session.Insert(evidence.Record);
        session.Insert([.. evidence.Parts]);
        try
        {
            await session.SaveChangesAsync(cancellation);
            return true;
        }
        catch (Exception fault) when (Races.IsLost(fault))
        {
            // Somebody else sent the same bytes at the same moment; one copy is as good as the other.
            return false;
        }
    }

    private static readonly BilingualText NameText = new(
        "名称须为内容的 SHA-256（64 位小写十六进制）。",
        "Evidence is named by the SHA-256 of its bytes: 64 lower-case hexadecimal digits."
    );

    private static readonly BilingualText TooLargeText = new("材料超过 20 MiB。", "Evidence may have 20 MiB at most.");

    private static readonly Refusal OtherHash = new(
        "evidence.hash",
        RefusalKind.Rule,
        new BilingualText("内容与所给 SHA-256 不符。", "The bytes are not what their name says.")
    );

    private static readonly Refusal Empty = new(
        "evidence.empty",
        RefusalKind.Rule,
        new BilingualText("材料为空。", "There is nothing in it.")
    );
}
