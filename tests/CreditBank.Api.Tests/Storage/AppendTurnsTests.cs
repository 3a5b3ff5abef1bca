using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Transcripts;
using JasperFx.Events;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Storage;

/// <summary>Commits of one process that append to one stream.</summary>
public sealed class AppendTurnsTests
{
    [Fact]
    public async Task commits_that_wait_for_one_stream_become_one_and_each_event_names_its_own_actor()
    {
        var service = await TestService.SharedAsync();
        var accountId = await Life.Begin(service, id => Life.Deposit(id, "uni-turns", "r-0", 3));
        using var first = new ManualResetEventSlim();
        var turns = service.Services.GetRequiredService<AppendTurns>();
        List<Task> commits = [turns.Commit(Plain(service, accountId, 1, first.Wait))];
        commits.AddRange(Enumerable.Range(2, 7).Select(number => turns.Commit(Plain(service, accountId, number))));

        first.Set();
        await Task.WhenAll(commits);

        var events = await EventsOf(service, accountId);
        Assert.Equal(Enumerable.Range(1, 8).Select(Actor), events.Skip(3).Select(one => one.UserName).Distinct());
        Assert.Equal(3 + 2 * 8, events.Count);
        // Whoever came while the first was under way went along with the second. An instant is a transaction's.
        Assert.InRange(events.Skip(3).Select(one => one.Timestamp).Distinct().Count(), 1, 2);
    }

    [Fact]
    public async Task one_that_loses_does_not_take_the_others_along()
    {
        var service = await TestService.SharedAsync();
        var accountId = await Life.Begin(service, id => Life.Deposit(id, "uni-turns", "r-0", 3));
        var taken = new HeaderKey
        {
            Id = $"turns/{accountId}",
            HeaderTag = "tag",
            UsedAt = NodaTime.Instant.FromUtc(2026, 1, 1, 0, 0),
        };
        await using (var session = Books(service).Write(LedgerBooks.Registry, Infrastructure.Storage.Actor.Bank))
        {
            session.Insert(taken);
            await session.SaveChangesAsync();
        }

        using var first = new ManualResetEventSlim();
        var turns = service.Services.GetRequiredService<AppendTurns>();
        var before = turns.Commit(Plain(service, accountId, 1, first.Wait));
        var good = turns.Commit(Plain(service, accountId, 2));
        var loses = Plain(service, accountId, 3);
        var lost = turns.Commit(
            loses with
            {
                Write = session =>
                {
                    loses.Write(session);
                    session.Insert(taken);
                },
            }
        );
        var last = turns.Commit(Plain(service, accountId, 4));

        first.Set();
        await Task.WhenAll(before, good, last);
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => lost);

        Assert.True(Races.IsLost(fault), fault.ToString());
        var actors = (await EventsOf(service, accountId)).Skip(3).Select(one => one.UserName).Distinct();
        Assert.Equal([Actor(1), Actor(2), Actor(4)], actors);
    }

    private static WaitingCommit Plain(TestService service, string accountId, int number, Action? before = null)
    {
        var events = Life.Deposit(accountId, "uni-turns", $"r-{number}", 3);
        return new WaitingCommit(
            [accountId],
            IsPlain: true,
            events.Length,
            session =>
            {
                before?.Invoke();
                var store = session.ForTenant(Books(service).BookOf(accountId)).Events;
                store.Append(accountId, events.Select(data => By(Actor(number), store.BuildEvent(data))));
            }
        );
    }

    private static IEvent By(string actor, IEvent @event)
    {
        @event.UserName = actor;
        return @event;
    }

    private static string Actor(int number) => $"registry-{number}";

    private static LedgerBooks Books(TestService service) => service.Services.GetRequiredService<LedgerBooks>();

    private static async Task<IReadOnlyList<IEvent>> EventsOf(TestService service, string accountId)
    {
        var books = Books(service);
        await using var session = books.Read(books.BookOf(accountId));
        return await session.Events.FetchStreamAsync(accountId);
    }
}
