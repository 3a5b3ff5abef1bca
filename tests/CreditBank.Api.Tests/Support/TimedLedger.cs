using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Transfers;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace CreditBank.Api.Tests.Support;

/// <summary>A service of its own whose clock the tests of one class put forward.</summary>
public sealed class TimedLedger : IAsyncLifetime
{
    public TestClock Clock { get; } = new();

    public TestService Service { get; private set; } = null!;

    public LedgerBooks Books => Service.Services.GetRequiredService<LedgerBooks>();

    public async Task InitializeAsync()
    {
        Service = await TestService.StartAsync(
            settings => settings with { RuleSets = ShelfLife.Rules() },
            services => services.AddSingleton<IClock>(Clock)
        );
        await TransferScene.Register(Service);
    }

    public Task DisposeAsync() => Service.DisposeAsync().AsTask();
}
