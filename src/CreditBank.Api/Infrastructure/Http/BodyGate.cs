using System.Text.Json;
using CreditBank.Kernel;
using FluentValidation;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>
/// Checks a JSON body before the endpoint sees it: media type, size, syntax, shape and the endpoint's validator, and
/// answers with everything that is wrong at once. What passes is handed on as it was sent.
/// </summary>
public sealed class BodyGate(RequestDelegate next, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    /// <summary>
    /// The most a JSON body may hold, inclusive, unless the endpoint says otherwise with
    /// <see cref="BodyLimitAttribute"/>. Larger batches go as NDJSON.
    /// </summary>
    public const int BytesMax = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Middleware.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var accepts = context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>();
        if (accepts?.RequestType is not { } type || !accepts.ContentTypes.Contains("application/json"))
        {
            await next(context);
            return;
        }

        if (await Check(context, type) is { } refused)
        {
            await refused.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private async Task<IResult?> Check(HttpContext context, Type type)
    {
        if (!context.Request.HasJsonContentType())
        {
            return Answers.Problem(StatusCodes.Status415UnsupportedMediaType, "body.mediaType", MediaTypeText);
        }

        var bytesMax = context.GetEndpoint()?.Metadata.GetMetadata<BodyLimitAttribute>()?.BytesMax ?? BytesMax;
        if (await Read(context.Request, bytesMax) is not { } bytes)
        {
            return Answers.Problem(StatusCodes.Status413PayloadTooLarge, "body.tooLarge", TooLargeText(bytesMax));
        }

        context.Request.Body = new MemoryStream(bytes.GetBuffer(), 0, (int)bytes.Length, writable: false);
        var options = json.Value.SerializerOptions;
        var body = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        return Findings(body, type, options, context.RequestServices) is { Count: > 0 } findings
            ? Answers.Invalid(findings)
            : null;
    }

    /// <summary>Everything that is wrong in a body; empty when nothing is.</summary>
    internal static IReadOnlyList<FieldFinding> Findings(
        ReadOnlyMemory<byte> body,
        Type type,
        JsonSerializerOptions options,
        IServiceProvider services
    )
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Strict);
        }
        catch (JsonException malformed)
        {
            return [MalformedAt(malformed)];
        }

        using (document)
        {
            var misfits = BodyShape.Compare(document.RootElement, type, options);
            FieldFinding[] shape = [.. misfits.Select(misfit => misfit.Finding)];
            var value = LenientBinding.Bind(document.RootElement, type, misfits, options);
            return value is null ? shape : [.. shape, .. Validate(value, type, shape, services)];
        }
    }

    private static IEnumerable<FieldFinding> Validate(
        object value,
        Type type,
        IReadOnlyList<FieldFinding> shape,
        IServiceProvider services
    )
    {
        if (services.GetService(typeof(IValidator<>).MakeGenericType(type)) is not IValidator validator)
        {
            return [];
        }

        var known = shape.Select(finding => finding.Pointer).ToHashSet();
        return validator
            .Validate(new ValidationContext<object>(value))
            .Errors.Select(FieldRules.ToFinding)
            .Where(finding => !known.Any(pointer => Covers(pointer, finding.Pointer)));
    }

    private static bool Covers(string reported, string pointer) =>
        pointer == reported || pointer.StartsWith(reported + "/", StringComparison.Ordinal);

    private static async Task<MemoryStream?> Read(HttpRequest request, int bytesMax)
    {
        if (request.ContentLength > bytesMax)
        {
            return null;
        }

        var bytes = new MemoryStream((int)(request.ContentLength ?? 4096));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (bytes.Length + read > bytesMax)
            {
                return null;
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes;
    }

    private static FieldFinding MalformedAt(JsonException malformed)
    {
        var line = malformed.LineNumber + 1;
        var column = malformed.BytePositionInLine + 1;
        return new FieldFinding(
            string.Empty,
            "json.malformed",
            new BilingualText(
                $"不是合格的 JSON（第 {line} 行，第 {column} 字节）。",
                $"Not well-formed JSON (line {line}, byte {column})."
            )
        );
    }

    private static readonly BilingualText MediaTypeText = new(
        "请求体应为 application/json。",
        "The body must be application/json."
    );

    private static BilingualText TooLargeText(int bytesMax)
    {
        var mebibytes = bytesMax / 1024 / 1024;
        return new BilingualText(
            $"请求体超过 {mebibytes} MiB；较大的批次请用 NDJSON。",
            $"The body is over {mebibytes} MiB; send larger batches as NDJSON."
        );
    }
}

/// <summary>How large a JSON body of an endpoint may be, where the usual limit is too small.</summary>
/// <param name="bytesMax">In bytes, inclusive; the server's own limit is 30,000,000.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BodyLimitAttribute(int bytesMax) : Attribute
{
    /// <summary>In bytes, inclusive.</summary>
    public int BytesMax => bytesMax;
}
