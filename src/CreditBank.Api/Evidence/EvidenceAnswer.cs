using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;

namespace CreditBank.Api.Evidence;

/// <summary>
/// Answers with evidence as it was uploaded. The media type is what people said it is, so a browser is told to save it
/// and not to guess.
/// </summary>
/// <param name="store">Opens it.</param>
/// <param name="sha256">Which.</param>
/// <param name="mediaType">As it was cited.</param>
public sealed class EvidenceAnswer(EvidenceStore store, string sha256, string mediaType) : IResult
{
    /// <summary>The media type of what was cited without one.</summary>
    public const string UnknownMediaType = "application/octet-stream";

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var found = await store.Open(
            sha256,
            record =>
            {
                response.ContentType = mediaType;
                response.ContentLength = record.Bytes;
                response.Headers.ContentDisposition = "attachment";
                response.Headers.XContentTypeOptions = "nosniff";
                response.Headers.CacheControl = "private, no-store";
                return response.Body;
            },
            httpContext.RequestAborted
        );
        if (!found)
        {
            await Answers.Refused(AccessRefusals.Unknown("evidence")).ExecuteAsync(httpContext);
        }
    }
}
