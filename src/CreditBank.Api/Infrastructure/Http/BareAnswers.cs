using CreditBank.Kernel;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>
/// Gives the answers of the framework itself (no such path, wrong method, wrong media type, a reused idempotency key)
/// the same shape as ours: a problem body with a stable code.
/// </summary>
internal static class BareAnswers
{
    /// <summary>The code and text of a bare status.</summary>
    public static (string Code, BilingualText Text) Of(int status, bool idempotent) =>
        status switch
        {
            StatusCodes.Status400BadRequest => ("request.broken", new("请求格式有误。", "The request is broken.")),
            StatusCodes.Status401Unauthorized => (
                "access.token",
                new("缺少有效的访问令牌。", "A valid token is needed.")
            ),
            StatusCodes.Status403Forbidden => ("access.forbidden", new("无权执行。", "You may not do this.")),
            StatusCodes.Status404NotFound => ("path.unknown", new("没有此路径。", "There is no such path.")),
            StatusCodes.Status405MethodNotAllowed => (
                "path.method",
                new("此路径不支持该方法。", "Not with this method.")
            ),
            StatusCodes.Status409Conflict when idempotent => (
                "idempotency.inProgress",
                new("相同 Idempotency-Key 的请求仍在处理。", "A request with this Idempotency-Key is still running.")
            ),
            StatusCodes.Status413PayloadTooLarge => ("body.tooLarge", new("请求体过大。", "The body is too large.")),
            StatusCodes.Status415UnsupportedMediaType => (
                "body.mediaType",
                new("不支持此媒体类型。", "This media type is not taken here.")
            ),
            StatusCodes.Status422UnprocessableEntity when idempotent => (
                "idempotency.keyReused",
                new("该 Idempotency-Key 已用于另一请求。", "This Idempotency-Key was used for another request.")
            ),
            StatusCodes.Status429TooManyRequests => ("rate.limited", new("请求过于频繁。", "Too many requests.")),
            _ => ($"http.{status}", new($"HTTP {status}。", $"HTTP {status}.")),
        };

    /// <summary>What stands in the way; the framework's own conflict is a request that still runs.</summary>
    private static string? StateOf(int status) => status == StatusCodes.Status409Conflict ? "inProgress" : null;

    /// <summary>Gives a problem body that the framework writes our code and words.</summary>
    public static void Customize(ProblemDetailsContext context)
    {
        var details = context.ProblemDetails;
        var status = details.Status ?? context.HttpContext.Response.StatusCode;
        var (code, text) = Of(status, context.HttpContext.Request.Headers.ContainsKey("Idempotency-Key"));
        details.Type = $"urn:creditbank:problem:{code}";
        details.Title = text.In(Languages.Of(context.HttpContext.Request));
        details.Detail = null;
        details.Extensions["code"] = code;
        if (StateOf(status) is { } state)
        {
            details.Extensions["state"] = state;
        }
    }

    /// <summary>Answers a bare status with a problem body.</summary>
    public static Task Write(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var (code, text) = Of(status, context.Request.Headers.ContainsKey("Idempotency-Key"));
        return Answers.Problem(status, code, text, StateOf(status)).ExecuteAsync(context);
    }
}
