using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CreditBank.Api.Composition.Contract;

/// <summary>
/// Every problem an operation answers with: those of all operations of its kind, and what the endpoint says of itself
/// with <see cref="RefusesAttribute"/>. The codes of a status are an enumeration.
/// </summary>
internal sealed class DescribeProblems : IOperationFilter
{
    private static readonly Dictionary<int, string> Meanings = new()
    {
        [400] = "Something in the request is wrong; `errors` lists everything in the body.",
        [401] = "No valid token.",
        [403] = "The caller may see it, but not do it.",
        [404] = "No such thing, or not for this caller.",
        [409] = "Not in this state, or something changed meanwhile.",
        [413] = "The body is too large.",
        [415] = "The body is of another media type.",
        [422] = "A rule refuses, or the content cannot be.",
        [429] = "Too many requests.",
        [500] = "A fault of the service; nothing was written.",
        [503] = "The database is away for a moment; what was not acknowledged is safe to send again.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var codes = new SortedDictionary<int, SortedSet<string>>();
        foreach (var (status, code) in OfItsKind(context).Concat(OfItself(context.MethodInfo)))
        {
            if (!codes.TryGetValue(status, out var known))
            {
                codes.Add(status, known = new SortedSet<string>(StringComparer.Ordinal));
            }

            known.Add(code);
        }

        operation.Responses ??= [];
        foreach (var status in operation.Responses.Keys.Where(key => key[0] is '4' or '5').ToList())
        {
            operation.Responses.Remove(status);
        }

        foreach (var (status, known) in codes)
        {
            operation.Responses.Add(status.ToString(CultureInfo.InvariantCulture), Response(status, known, context));
        }
    }

    private static IEnumerable<(int Status, string Code)> OfItself(MethodInfo? method) =>
        from refuses in method?.GetCustomAttributes<RefusesAttribute>() ?? []
        from code in refuses.Codes
        select (refuses.Status, code);

    private static IEnumerable<(int Status, string Code)> OfItsKind(OperationFilterContext context)
    {
        var isOpen = DescribeOperation.IsOpen(context);
        var isRead = context.ApiDescription.HttpMethod is "GET";
        var isPost = context.ApiDescription.HttpMethod is "POST";
        var method = context.MethodInfo;
        var hasBody = context.ApiDescription.SupportedRequestFormats.Any(format =>
            format.MediaType == "application/json"
        );
        var asksKnownAt = Has<AsksAsOfAttribute>(method) || Has<AsksKnownAtAttribute>(method);
        (bool Applies, int Status, string[] Codes)[] kinds =
        [
            (true, 400, ["request.broken"]),
            (true, 500, ["service.fault"]),
            (true, 503, ["service.unavailable"]),
            (isOpen, 429, ["rate.limited"]),
            (!isOpen, 401, ["access.token"]),
            (hasBody, 400, ["body.invalid"]),
            (hasBody, 413, ["body.tooLarge"]),
            (hasBody, 415, ["body.mediaType"]),
            (!isRead && !isOpen, 409, ["state.changed"]),
            (isPost && !isOpen, 409, ["idempotency.inProgress"]),
            (isPost && !isOpen, 422, ["idempotency.keyReused"]),
            (Has<AsksAsOfAttribute>(method), 400, ["query.effectiveOn"]),
            (asksKnownAt, 400, ["query.knownAt"]),
            (asksKnownAt, 422, ["time.notSettled"]),
            (!Has<AsksAsOfAttribute>(method), 400, ["query.unsupported"]),
            (Has<AsksPageAttribute>(method), 400, ["query.cursor", "query.limit"]),
            (Has<HonoursIfMatchAttribute>(method), 409, ["state.version"]),
        ];
        return from kind in kinds where kind.Applies from code in kind.Codes select (kind.Status, code);
    }

    private static bool Has<T>(MethodInfo? method)
        where T : Attribute => method?.IsDefined(typeof(T)) == true;

    private static OpenApiResponse Response(int status, SortedSet<string> codes, OperationFilterContext context) =>
        new()
        {
            Description = Meanings[status],
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        AllOf =
                        [
                            context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository),
                            new OpenApiSchema
                            {
                                Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = CodeOf(codes) },
                            },
                        ],
                    },
                },
            },
        };

    private static OpenApiSchema CodeOf(SortedSet<string> codes)
    {
        var known = new OpenApiSchema
        {
            Enum =
            [
                .. codes
                    .Where(code => code != RefusesAttribute.OfARule)
                    .Select(code => (JsonNode)JsonValue.Create(code)),
            ],
        };
        if (!codes.Contains(RefusesAttribute.OfARule))
        {
            return known;
        }

        var ofARule = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "The code of the rule that refuses, as the rule set gives it; `clauses` names it.",
        };
        return new OpenApiSchema { AnyOf = [known, ofARule] };
    }
}
