using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>
/// The outermost gate: whatever goes wrong becomes one problem body with a stable code, never a stack trace. Losing a
/// race is 409, a broken request 400, a database that is away 503; anything else is a bug and logged as one.
/// </summary>
public sealed class FaultGate(RequestDelegate next, ILogger<FaultGate> log)
{
    /// <summary>Middleware.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            if (AsksWithControls(context.Request))
            {
                throw new BadHttpRequestException("A question holds a control character.");
            }

            await next(context);
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            if (AnswerTo(fault, context) is { } answer)
            {
                context.Response.Clear();
                await answer.ExecuteAsync(context);
            }
        }
    }

    /// <summary>No question of ours holds a control character, and storage takes no NUL.</summary>
    private static bool AsksWithControls(HttpRequest request) =>
        request.QueryString.HasValue
        && request.Query.Any(question => question.Value.Any(text => text?.Any(char.IsControl) == true));

    private IResult? AnswerTo(Exception fault, HttpContext context)
    {
        switch (fault)
        {
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                return null;
            case Exception when Races.IsLost(fault):
                return Answers.Refused(ChangedMeanwhile);
            case BadHttpRequestException bad:
                return Answers.Problem(bad.StatusCode, "request.broken", BrokenText);
            default:
                return Unexpected(fault, context);
        }
    }

    private IResult Unexpected(Exception fault, HttpContext context)
    {
        var away = Outages.IsAway(fault);
        log.LogError(fault, "{Method} {Path} failed", context.Request.Method, context.GetEndpoint()?.DisplayName);
        if (!away)
        {
            return Answers.Problem(StatusCodes.Status500InternalServerError, "service.fault", FaultText);
        }

        context.Response.Headers.RetryAfter = "2";
        return Answers.Problem(StatusCodes.Status503ServiceUnavailable, "service.unavailable", AwayText);
    }

    /// <summary>Another writer was first; reading again and deciding anew is safe.</summary>
    public static readonly Refusal ChangedMeanwhile = new(
        "state.changed",
        RefusalKind.Conflict,
        new BilingualText("其间已有其他更改，请重读后再试。", "Something changed meanwhile; read again and retry.")
    )
    {
        State = "changed",
    };

    private static readonly BilingualText BrokenText = new(
        "请求不完整或格式有误。",
        "The request is broken or cut short."
    );

    private static readonly BilingualText FaultText = new(
        "服务内部错误，请凭 traceId 联系我们。",
        "Something went wrong on our side; quote the traceId when you write to us."
    );

    private static readonly BilingualText AwayText = new(
        "数据库暂时不可用，请稍后再试；未确认的写入可安全重发。",
        "The database is away for a moment; retry. What was not acknowledged is safe to send again."
    );
}
