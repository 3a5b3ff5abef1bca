using System.Net;
using CreditBank.Api.Hosting.Import;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Ledger.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Journey;

/// <summary>Real results of 12,400 learners, posted through the REST API as the import command does.</summary>
public sealed class RealResultsTests
{
    [ExternalDataFact("oulad-subset")]
    public async Task real_results_go_in_once_and_a_second_time_change_nothing()
    {
        await using var service = await TestService.StartAsync();
        var transcripts = OuladTranscripts.Read(Path.Combine(ExternalDataFactAttribute.Root!, "oulad-subset"));
        var caller = service.As(["operator", "registry"], OuladTranscripts.InstitutionId);
        var upload = new TranscriptUpload(caller.Client, caller.Token, TextWriter.Null);

        var first = await upload.RunAsync(transcripts);
        var second = await upload.RunAsync(transcripts);

        Assert.Equal((12_489, 12_489), (first.Answered, first.Accepted));
        Assert.Equal((12_489, 12_489), (second.Answered, second.Duplicates));
        Assert.Equal((12_400, 12_489), await Count(service));
        var issued = await Issued(service);
        Assert.Equal(-267_510m, issued);
    }

    private static async Task<(int Accounts, int Outcomes)> Count(TestService service)
    {
        var (accounts, outcomes) = (0, 0);
        var books = service.Services.GetRequiredService<LedgerBooks>();
        foreach (var book in books.Learners)
        {
            await using var session = books.Read(book);
            accounts += await session.Events.QueryRawEventDataOnly<AccountOpened>().CountAsync();
            outcomes += await session.Events.QueryRawEventDataOnly<OutcomeRecorded>().CountAsync();
        }

        return (accounts, outcomes);
    }

    private static async Task<decimal> Issued(TestService service)
    {
        var balance = (await service.As("auditor").Get("/v1/audit/trial-balance")).Expect(HttpStatusCode.OK).Json;
        Assert.True(balance["balanced"]!.GetValue<bool>());
        return balance["books"]!
            .AsArray()
            .SelectMany(book => book!["lines"]!.AsArray())
            .Where(line => (string)line!["unit"]! == "uk-cats")
            .SelectMany(line => line!["accounts"]!.AsArray())
            .Where(account => (string)account!["account"]! == "issued")
            .Sum(account => account!["sum"]!.GetValue<decimal>());
    }
}

/// <summary>A test on external data in the folder named by <c>CREDITBANK_DATA</c>; skipped where it is not set.</summary>
public sealed class ExternalDataFactAttribute : FactAttribute
{
    public static readonly string? Root = Environment.GetEnvironmentVariable("CREDITBANK_DATA");

    public ExternalDataFactAttribute(string folder)
    {
        if (Root is null || !Directory.Exists(Path.Combine(Root, folder)))
        {
            Skip = $"CREDITBANK_DATA does not hold {folder}; the data is not part of the project.";
        }
    }
}
