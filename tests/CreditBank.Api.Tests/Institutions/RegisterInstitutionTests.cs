using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Institutions;

public sealed class RegisterInstitutionTests
{
    [Fact]
    public async Task an_operator_registers_an_institution_that_anyone_can_read()
    {
        var service = await TestService.SharedAsync();
        var body = Sample.Institution("reg-1");

        var created = await service.As("operator").Post("/v1/institutions", body);

        created.Expect(HttpStatusCode.Created);
        Assert.Equal("/v1/institutions/reg-1", created.Headers.Location?.ToString());
        var read = (await service.Anonymous().Get("/v1/institutions/reg-1")).Expect(HttpStatusCode.OK);
        Assert.Equal(created.Text, read.Text);
        Assert.NotNull(read.Headers.ETag);
    }

    [Fact]
    public async Task an_id_is_used_once()
    {
        var service = await TestService.SharedAsync();
        (await service.As("operator").Post("/v1/institutions", Sample.Institution("reg-2"))).Expect(
            HttpStatusCode.Created
        );

        var again = await service.As("operator").Post("/v1/institutions", Sample.Institution("reg-2"));

        again.Expect(HttpStatusCode.Conflict);
        Assert.Equal("institution.exists", again.Code);
    }

    [Fact]
    public async Task only_an_operator_registers()
    {
        var service = await TestService.SharedAsync();

        var refused = await service.As("registry", "reg-3").Post("/v1/institutions", Sample.Institution("reg-3"));

        refused.Expect(HttpStatusCode.Forbidden);
        Assert.Equal("access.role", refused.Code);
        (await service.Anonymous().Post("/v1/institutions", Sample.Institution("reg-3"))).Expect(
            HttpStatusCode.Unauthorized
        );
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        var service = await TestService.SharedAsync();

        var refused = await service
            .As("operator")
            .Post(
                "/v1/institutions",
                """
                {"institutionId":"no good","name":{"zh":"复旦大学"},"kind":"universty","country":7,
                 "accreditation":{"kinds":["x"],"levels":["a"],"from":"2000-01-41"}}
                """
            );

        refused.Expect(HttpStatusCode.BadRequest);
        await Snapshots.Verifier.VerifyJson(refused.Text, Scrub.Problem);
    }

    [Fact]
    public async Task a_repeated_request_with_its_key_gets_the_first_answer_and_no_second_effect()
    {
        var service = await TestService.SharedAsync();
        var caller = service.As("operator").With("Idempotency-Key", "reg-4-key");
        var first = (await caller.Post("/v1/institutions", Sample.Institution("reg-4"))).Expect(HttpStatusCode.Created);

        var second = (await caller.Post("/v1/institutions", Sample.Institution("reg-4"))).Expect(
            HttpStatusCode.Created
        );

        Assert.Equal(first.Text, second.Text);
        var other = await caller.Post("/v1/institutions", Sample.Institution("reg-5"));
        other.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("idempotency.keyReused", other.Code);
    }
}
