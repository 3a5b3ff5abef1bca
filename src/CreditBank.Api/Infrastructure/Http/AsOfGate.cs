using CreditBank.Kernel;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>
/// A read that knows only the present refuses a question about the past, so that nobody takes the one for the other.
/// Endpoints say with <see cref="AsksAsOfAttribute"/> and <see cref="AsksKnownAtAttribute"/> what they know.
/// </summary>
public sealed class AsOfGate(RequestDelegate next)
{
    /// <summary>The question about what was known at an instant.</summary>
    public const string KnownAt = "knownAt";

    /// <summary>The question about what was true on a day.</summary>
    public const string EffectiveOn = "effectiveOn";

    /// <summary>Middleware.</summary>
    public Task InvokeAsync(HttpContext context) =>
        context.Request.QueryString.HasValue
        && context.GetEndpoint() is { } endpoint
        && ((string[])[KnownAt, EffectiveOn]).FirstOrDefault(asked => IsUnanswered(context, endpoint, asked))
            is { } name
            ? Answers.Problem(StatusCodes.Status400BadRequest, "query.unsupported", TextOf(name)).ExecuteAsync(context)
            : next(context);

    private static bool IsUnanswered(HttpContext context, Endpoint endpoint, string name) =>
        context.Request.Query.ContainsKey(name)
        && endpoint.Metadata.GetMetadata<AsksAsOfAttribute>() is null
        && (name == EffectiveOn || endpoint.Metadata.GetMetadata<AsksKnownAtAttribute>() is null);

    private static BilingualText TextOf(string name) =>
        new($"此处不支持 {name}，只答现状。", $"{name} is not known here; this read tells the present only.");
}
