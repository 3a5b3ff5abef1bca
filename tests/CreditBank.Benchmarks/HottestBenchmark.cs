using CreditBank.Api.Access;

namespace CreditBank.Benchmarks;

/// <summary>
/// Posting everything to one account, or everything by one institution, against posting by 20 institutions to 400
/// accounts: one record a request, in rounds by turns.
/// </summary>
internal static class HottestBenchmark
{
    private const int Institutions = 20;
    private const int Accounts = 400;
    private const int Rounds = 5;
    private const decimal RatioMin = 0.8m;

    public static async Task<Measurement> Account(BenchmarkContext context) =>
        await Run(context, "to the hottest account", institutions: Institutions, accounts: 1);

    public static async Task<Measurement> Institution(BenchmarkContext context) =>
        await Run(context, "by the hottest institution", institutions: 1, accounts: Accounts);

    private static async Task<Measurement> Run(BenchmarkContext context, string name, int institutions, int accounts)
    {
        var requests = context.Rows(1_500);
        await using var service = await context.Start();
        await service.RegisterInstitution();
        var opened = await SingleRecordBenchmark.OpenAccounts(service, Accounts);
        List<HttpClient> clients = [];
        for (var number = 0; number < Institutions; number++)
        {
            await service.RegisterInstitution($"inst-{number}");
            clients.Add(service.As(CallerRoles.Registry, $"inst-{number}"));
        }

        var rounds = new List<(decimal Hot, decimal Uniform)>();
        for (var round = 0; round <= Rounds; round++)
        {
            var hot = await Rate($"hot-{round}", institutions, accounts);
            var uniform = await Rate($"uniform-{round}", Institutions, Accounts);
            rounds.Add((hot, uniform));
        }

        clients.ForEach(client => client.Dispose());
        // The first round warms up.
        var middle = rounds.Skip(1).OrderBy(round => round.Hot / round.Uniform).ElementAt(Rounds / 2);
        var ratio = middle.Hot / middle.Uniform;
        return new Measurement(
            $"posting {name}, {AtOnce.Clients} clients",
            $"{middle.Hot:N0} requests/s",
            $"{middle.Uniform:N0} requests/s to {Accounts} accounts by {Institutions} institutions",
            ratio,
            $">= {RatioMin}",
            ratio >= RatioMin,
            $"median of {Rounds} rounds of {requests:N0}, by turns"
        );

        async Task<decimal> Rate(string run, int fromInstitutions, int toAccounts) =>
            requests
            / await AtOnce.Run(
                requests,
                async number =>
                {
                    var institution = number % fromInstitutions;
                    var record = SampleRecords.OfAccount(opened[number % toAccounts], $"{run}-{number}", number);
                    var body = SampleRecords.TranscriptOf($"inst-{institution}", $"{run}-{number}", record);
                    await RunningService.Send(clients[institution], "/v1/transcripts", body);
                }
            );
    }
}
