using System.Globalization;
using System.Runtime.Versioning;
using Xunit.Abstractions;

namespace CreditBank.Api.Tests.Campaigns;

/// <summary>
/// Kills under load. The long campaign is asked for with <c>CREDITBANK_KILLS</c>, the number of kills, and
/// <c>CREDITBANK_SEED</c>; the plain suite runs a short slice of each kind.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class CrashTests(ITestOutputHelper output)
{
    [UnixFact]
    public async Task the_service_is_killed_under_load_and_loses_and_doubles_nothing() =>
        output.WriteLine(await new CrashCampaign(1, [Victim.Service, Victim.Service, Victim.Service], 4).RunAsync());

    [UnixFact]
    public async Task postgres_is_killed_under_load_and_loses_and_doubles_nothing() =>
        output.WriteLine(await new CrashCampaign(2, [Victim.Postgres, Victim.Postgres, Victim.Postgres], 4).RunAsync());

    [CampaignFact]
    public async Task the_long_campaign_of_kills()
    {
        var kills = int.Parse(CampaignFactAttribute.Kills!, CultureInfo.InvariantCulture);
        var seed = int.Parse(
            Environment.GetEnvironmentVariable("CREDITBANK_SEED") ?? "1",
            CultureInfo.InvariantCulture
        );
        var victims = Enumerable.Range(0, kills).Select(number => number % 2 == 0 ? Victim.Service : Victim.Postgres);
        var table = await new CrashCampaign(seed, [.. victims], 6).RunAsync();
        output.WriteLine(table);
        Console.WriteLine(table);
    }
}

/// <summary>A test that sends signals.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "The embedded PostgreSQL and signals need Linux or macOS.";
        }
    }
}

/// <summary>A campaign that takes as long as it is asked to.</summary>
public sealed class CampaignFactAttribute : FactAttribute
{
    public CampaignFactAttribute()
    {
        if (Kills is null)
        {
            Skip = "The long campaign runs when CREDITBANK_KILLS says how many kills; see specs/reliability.md.";
        }
    }

    internal static string? Kills => Environment.GetEnvironmentVariable("CREDITBANK_KILLS");
}
