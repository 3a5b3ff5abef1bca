using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CreditBank.Api.Hosting;

/// <summary>What a person reads when the service is ready: where it is, and what to do next.</summary>
internal static class Banner
{
    public static void PrintWhenReady(WebApplication app, DeploymentMode mode) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var addresses = app
                .Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()
                ?.Addresses;
            var address = addresses?.FirstOrDefault() ?? string.Empty;
            Console.WriteLine(mode.IsTrial ? Trial(address) : $"CreditBank is ready at {address}");
        });

    private static string Trial(string address) =>
        $$$"""

            CreditBank is ready at {{{address}}}
            Swagger UI             {{{address}}}/swagger

            Three steps to begin with, in another terminal:

            1. See the published rule sets:
               curl -s {{{address}}}/v1/rule-sets

            2. Get a token as the bank's operator (this trial is its own token issuer):
               TOKEN=$(curl -s {{{address}}}/v1/dev/tokens -H 'content-type: application/json' \
             -d '{"roles":["operator"]}' | sed 's/.*"accessToken":"\([^"]*\)".*/\1/')

            3. Register a university:
               curl -s {{{address}}}/v1/institutions -H "authorization: Bearer $TOKEN" \
             -H 'content-type: application/json' -d '{"institutionId":"fudan",
             "name":{"zh":"复旦大学","en":"Fudan University"},"kind":"university","country":"CN",
             "unifiedSocialCreditCode":"12100000425006117P",
             "accreditation":{"kinds":["academicCourse"],"from":"1905-01-01"}}'

            The README goes on from here, persona by persona. Stop with Ctrl+C; the data stays.

            """;
}
