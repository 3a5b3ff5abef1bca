using System.Diagnostics;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>What endpoints answer with.</summary>
public static class Answers
{
    /// <summary>The problem a refusal becomes, in the caller's language.</summary>
    public static IResult Refused(Refusal refusal) => new ProblemAnswer(language => Http.Problem.Of(refusal, language));

    /// <summary>The problem of a body in which something is wrong: 400, everything named at once.</summary>
    public static IResult Invalid(IReadOnlyList<FieldFinding> findings) =>
        new ProblemAnswer(language =>
            Http.Problem.Of(StatusCodes.Status400BadRequest, "body.invalid", InvalidText, language) with
            {
                Errors = [.. findings.Select(finding => finding.In(language))],
            }
        );

    /// <summary>The problem of a refusal that lies in certain fields of the body.</summary>
    public static IResult Refused(Refusal refusal, IReadOnlyList<FieldFinding> findings) =>
        new ProblemAnswer(language =>
            Http.Problem.Of(refusal, language) with
            {
                Errors = [.. findings.Select(finding => finding.In(language))],
            }
        );

    /// <summary>A problem that is none of the above.</summary>
    public static IResult Problem(int status, string code, BilingualText text, string? state = null) =>
        new ProblemAnswer(language => Http.Problem.Of(status, code, text, language) with { State = state });

    /// <summary>200 with a body.</summary>
    public static Ok<T> Ok<T>(T body) => TypedResults.Ok(body);

    /// <summary>200 with a body and its version as strong <c>ETag</c>; 304 when the caller has it already.</summary>
    public static IResult Tagged<T>(HttpContext http, long version, T body)
    {
        var tag = $"\"{version}\"";
        http.Response.Headers.ETag = tag;
        return http.Request.Headers.IfNoneMatch.Contains(tag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(body);
    }

    /// <summary>201 with the address of what was made.</summary>
    public static Created<T> Created<T>(string location, T body) => TypedResults.Created(location, body);

    private static readonly BilingualText InvalidText = new(
        "请求内容有误，所有问题列于 errors。",
        "Something in the body is wrong; errors lists everything."
    );

    private sealed class ProblemAnswer(Func<Language, Http.Problem> problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var body = problem(Languages.Of(httpContext.Request)) with
            {
                TraceId = Activity.Current?.TraceId.ToString(),
            };
            httpContext.Response.StatusCode = body.Status;
            return httpContext.Response.WriteAsJsonAsync(
                body,
                options: null,
                contentType: "application/problem+json",
                httpContext.RequestAborted
            );
        }
    }
}

/// <summary>One thing that is wrong in a body, before a language is chosen.</summary>
/// <param name="Pointer">Where: a JSON Pointer (RFC 6901).</param>
/// <param name="Code">What: stable.</param>
/// <param name="Text">What, for people.</param>
public sealed record FieldFinding(string Pointer, string Code, BilingualText Text)
{
    /// <summary>The place within a file of the body; none where the body carries no files.</summary>
    public FilePlace? Place { get; init; }

    /// <summary>The finding in a language.</summary>
    public FieldProblem In(Language language) =>
        new(Pointer, Code, Text.In(language))
        {
            File = Place?.File,
            Line = Place is { Line: > 0 and var line } ? line : null,
            Column = Place is { Column: > 0 and var column } ? column : null,
        };
}

/// <summary>A place in a file that a body carries.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">From 1; 0 where no line is meant.</param>
/// <param name="Column">From 1; 0 where no column is meant.</param>
public sealed record FilePlace(string File, int Line, int Column);
