using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Tests.Support;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CreditBank.Api.Tests.Contract;

public sealed class OpenApiTests
{
    [Fact]
    public async Task the_published_contract_is_the_approved_one()
    {
        var service = await TestService.SharedAsync();

        var contract = (await service.Anonymous().Get("/openapi/v1.json")).Expect(HttpStatusCode.OK);

        var approved = ApprovedContract.FilePath;
        var served = contract.Text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (!File.Exists(approved) || Unwrapped(await File.ReadAllTextAsync(approved)) != Unwrapped(served))
        {
            var received = Path.ChangeExtension(approved, ".received.json");
            await File.WriteAllTextAsync(received, served);
            Assert.Fail(
                "The contract changed. If it should: mv specs/api/openapi.received.json specs/api/openapi.json"
            );
        }
    }

    [Fact]
    public async Task every_operation_has_a_name_a_summary_and_its_problems()
    {
        var service = await TestService.SharedAsync();

        var contract = (await service.Anonymous().Get("/openapi/v1.json")).Json;

        foreach (var (path, operations) in contract["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                Assert.False(operation!["operationId"] is null, $"{method} {path} has no operationId");
                Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), $"{method} {path} has no summary");
                Assert.False(operation["responses"]!["500"] is null, $"{method} {path} lists no problems");
                Assert.True(
                    HasExample(operation),
                    $"{method} {path}: no specs/api/examples/{operation["operationId"]}"
                );
            }
        }
    }

    [Fact]
    public async Task every_example_is_a_body_the_service_takes()
    {
        var service = await TestService.SharedAsync();
        var endpoints = service.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        var json = service.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

        foreach (var endpoint in endpoints)
        {
            var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
            var type = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
            var example = Path.Combine(RepositoryRoot.Path, "specs", "api", "examples", $"{name}.json");
            if (type is not null && File.Exists(example))
            {
                var findings = BodyGate.Findings(await File.ReadAllBytesAsync(example), type, json, service.Services);

                Assert.True(
                    findings.Count == 0,
                    $"{name}: {string.Join("; ", findings.Select(f => $"{f.Pointer} {f.Code}"))}"
                );
            }
        }
    }

    private static bool HasExample(JsonNode operation) =>
        operation["requestBody"]?["content"]?["application/json"] is not { } form || form["example"] is not null;

    /// <summary>Where a summary's lines break is no part of the contract.</summary>
    private static string Unwrapped(string contract) => contract.Replace("\\n", " ", StringComparison.Ordinal);
}
