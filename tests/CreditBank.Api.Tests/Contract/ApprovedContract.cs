using System.Globalization;
using System.Text.Json.Nodes;

namespace CreditBank.Api.Tests.Contract;

/// <summary>The approved contract, against which every reply that any test gets is held.</summary>
internal static class ApprovedContract
{
    private static readonly Lazy<JsonObject> Operations = new(() =>
        JsonNode.Parse(File.ReadAllText(FilePath))!["paths"]!.AsObject()
    );

    public static string FilePath => Path.Combine(RepositoryRoot.Path, "specs", "api", "openapi.json");

    /// <summary>Fails when the contract knows the operation and not the problem.</summary>
    public static void Allows(HttpMethod method, string path, int status, string? code)
    {
        if (OperationOf(method, path) is not { } operation)
        {
            return;
        }

        var response = operation["responses"]![status.ToString(CultureInfo.InvariantCulture)];
        var codes = response?["content"]?["application/problem+json"]?["schema"]?["allOf"]?[1]?["properties"]?["code"];
        Assert.True(
            codes?["anyOf"] is not null || codes?["enum"]?.AsArray().Any(known => (string?)known == code) == true,
            $"{operation["operationId"]} answers {status} {code}, which the contract does not list."
        );
    }

    private static JsonNode? OperationOf(HttpMethod method, string path)
    {
        var segments = path.Split('/');
        return Operations
            .Value.Where(candidate => Fits(candidate.Key.Split('/'), segments))
            .OrderByDescending(candidate => candidate.Key.Split('/').Count(segment => !segment.StartsWith('{')))
            .Select(candidate => candidate.Value![method.Method.ToLower(CultureInfo.InvariantCulture)])
            .FirstOrDefault();
    }

    private static bool Fits(string[] template, string[] segments) =>
        template.Length == segments.Length
        && template.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
}
