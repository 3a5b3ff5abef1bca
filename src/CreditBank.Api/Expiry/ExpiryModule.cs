using Marten;

namespace CreditBank.Api.Expiry;

/// <summary>What this feature keeps.</summary>
internal static class ExpiryModule
{
    public static void Register(StoreOptions options)
    {
        options
            .Schema.For<ExpiryEntry>()
            .Index(entry => entry.ExpiresOn)
            .Index(entry => new { entry.Warned, entry.ExpiresOn });
        options.Schema.For<DailyWork>().UseNumericRevisions(true);
    }

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<ExpirySweep>();
        services.AddSingleton<Deadlines>();
        services.AddHostedService<DailyWorkStart>();
    }
}
