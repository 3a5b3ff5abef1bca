using Marten;

namespace CreditBank.Api.Awards;

/// <summary>What this feature keeps.</summary>
internal static class AwardsModule
{
    public static void Register(StoreOptions options) => options.Schema.For<AwardPlace>();

    public static void Register(IServiceCollection services) => services.AddSingleton<AwardDesk>();
}
