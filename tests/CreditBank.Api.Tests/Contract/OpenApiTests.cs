using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Contract;

public sealed class OpenApiTests
{
    [Fact]
    public async Task the_published_contract_is_the_approved_one()
    {
        var service = await TestService.SharedAsync();

        var contract = (await service.Anonymous().Get("/openapi/v1.json")).Expect(HttpStatusCode.OK);

        var approved = Path.Combine(RepositoryRoot.Path, "specs", "api", "openapi.json");
        var served = contract.Text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (!File.Exists(approved) || await File.ReadAllTextAsync(approved) != served)
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
                Assert.False(operation["responses"]!["429"] is null, $"{method} {path} lists no problems");
            }
        }
    }
}
