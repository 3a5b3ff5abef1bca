using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.AuditLog;
using CreditBank.Api.Tests.Support;
using CreditBank.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Audit;

/// <summary>A ledger of its own in which every kind of event happened, over HTTP.</summary>
public sealed class JourneyLedger : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public LedgerBooks Books => Service.Services.GetRequiredService<LedgerBooks>();

    public async Task InitializeAsync()
    {
        Service = await TestService.StartAsync();
        await new LedgerJourney(Service).WalkAsync();
    }

    public async Task DisposeAsync() => await Service.DisposeAsync();

    /// <summary>Every event of every book, as an auditor reads it, once all kinds are told of.</summary>
    public Task<IReadOnlyList<JsonNode>> EventsAsync() =>
        Eventually.Get<IReadOnlyList<JsonNode>>(async () =>
        {
            var events = new List<JsonNode>();
            foreach (var book in Books.All)
            {
                var reply = await Service.As("auditor").Get($"/v1/audit/events?book={book}");
                var lines = reply.Expect(HttpStatusCode.OK).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                events.AddRange(lines.Select(line => JsonNode.Parse(line)!));
            }

            var kinds = events.Select(line => (string)line["type"]!).Distinct().Order();
            return kinds.SequenceEqual(EventCatalogue.TypesByName.Keys.Order()) ? events : null;
        });
}
