using System.Text.Json;
using CreditBank.Api.Access;

namespace CreditBank.Benchmarks;

/// <summary>
/// A course that 1,000 learners had credit transferred for is taken back from all of them: each conversion is reversed
/// in the commit that revokes the outcome.
/// </summary>
internal static class UnwindingBenchmark
{
    private const decimal SecondsMax = 10;

    // The shipped rules match this course of this institution with one of the open university.
    private const string Issuer = "fudan";
    private const string Receiver = "shou";
    private const string Course = "MATH120021";

    private const string Programme = """
        {"title":"Computer Science","level":5,"totalCredits":70,"ruleSetFamily":"sqf",
         "courses":[{"courseCode":"SHOU-MATH","title":"Mathematics","credits":4,"category":"foundation",
                     "compulsory":true}]}
        """;

    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        var learners = context.Rows(1_000);
        await using var service = await context.Start();
        await service.RegisterInstitution();
        await service.RegisterInstitution(Issuer);
        await service.RegisterInstitution(Receiver);
        using var registry = service.As(CallerRoles.Registry, Receiver);
        var programme = $"/v1/institutions/{Receiver}/programmes/p";
        await RunningService.Send(registry, HttpMethod.Put, programme, Programme);
        var accounts = await SingleRecordBenchmark.OpenAccounts(service, learners);
        using var issuer = service.As(CallerRoles.Registry, Issuer);
        var outcomes = await Deposit(issuer, accounts);
        using var approver = service.As(CallerRoles.Approver, Receiver, "approver");
        await AtOnce.Run(learners, number => Transfer(service, approver, accounts[number]));

        var reversed = 0;
        var seconds = await AtOnce.Run(
            learners,
            async number =>
            {
                var path = $"/v1/outcomes/{outcomes[number]}/revocation";
                using var answer = JsonDocument.Parse(
                    await RunningService.Send(issuer, path, "{\"reason\":\"fraud\"}")
                );
                Interlocked.Add(ref reversed, answer.RootElement.GetProperty("dependents").GetArrayLength());
            }
        );
        if (reversed != learners)
        {
            throw new InvalidOperationException($"{reversed} of {learners} transfers were taken back.");
        }

        return new Measurement(
            $"unwinding a course of {learners:N0} learners",
            $"{seconds:0.0} s",
            $"{SecondsMax} s",
            seconds / SecondsMax,
            "<= 1",
            seconds <= SecondsMax,
            $"{AtOnce.Clients} clients; each revocation reverses one posted conversion"
        );
    }

    private static async Task<string[]> Deposit(HttpClient issuer, IReadOnlyList<string> accounts)
    {
        var outcomes = new string[accounts.Count];
        await AtOnce.Run(
            accounts.Count,
            async number =>
            {
                var record =
                    $"{{\"recordId\":\"r-{number}\",\"revision\":1,"
                    + $"\"learner\":{{\"accountId\":\"{accounts[number]}\"}},"
                    + $"\"kind\":\"academicCourse\",\"courseCode\":\"{Course}\",\"title\":\"Maths\",\"credits\":5,"
                    + "\"unit\":\"cn-credit\",\"level\":\"5\",\"result\":\"passed\","
                    + "\"grade\":{\"scale\":\"percent\",\"value\":\"91\"},\"completedOn\":\"2024-01-10\"}";
                var body = SampleRecords.TranscriptOf(Issuer, $"t-{number}", record);
                using var answer = JsonDocument.Parse(await RunningService.Send(issuer, "/v1/transcripts", body));
                outcomes[number] = answer.RootElement.GetProperty("records")[0].GetProperty("outcomeId").GetString()!;
            }
        );
        return outcomes;
    }

    private static async Task Transfer(RunningService service, HttpClient approver, string account)
    {
        using var learner = service.As(CallerRoles.Learner, account: account);
        var request = $"{{\"accountId\":\"{account}\",\"institutionId\":\"{Receiver}\",\"programmeId\":\"p\"}}";
        using var answer = JsonDocument.Parse(await RunningService.Send(learner, "/v1/transfers", request));
        var transfer = answer.RootElement.GetProperty("transferId").GetString();
        await RunningService.Send(approver, $"/v1/transfers/{transfer}/approval", "{}");
    }
}
