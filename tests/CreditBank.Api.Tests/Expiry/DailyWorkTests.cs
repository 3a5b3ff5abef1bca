using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CreditBank.Api.Tests.Expiry;

public sealed class DailyWorkTests(TimedLedger ledger) : IClassFixture<TimedLedger>
{
    private const string Waiting = "status = 'Scheduled' and message_type like '%DoDailyWork'";

    [Fact]
    public async Task every_book_does_each_day_and_keeps_one_message_for_the_next()
    {
        await Bring();
        await Done();
        ledger.Clock.Advance(3);
        await Bring();
        await Done();

        Assert.Equal(ledger.Books.Learners.Count, await Sql($"select count(*) from {Messages} where {Waiting}"));
    }

    [Fact]
    public async Task a_message_of_another_turn_does_nothing_and_one_that_is_due_goes_on()
    {
        await Bring();
        await Done();
        var book = ledger.Books.Learners[0];
        var before = await Stands(book);

        await Handle(new DoDailyWork(book, before.Turn - 1));
        Assert.Equal(before.Turn, (await Stands(book)).Turn);
        await Handle(new DoDailyWork(book, before.Turn));
        Assert.Equal(before.Turn + 1, (await Stands(book)).Turn);
    }

    private const string Messages = "messages.wolverine_incoming_envelopes";

    private Task Handle(DoDailyWork message)
    {
        var services = ledger.Service.Services;
        return DoDailyWorkHandler.Handle(
            message,
            ledger.Books,
            services.GetRequiredService<ExpirySweep>(),
            services.GetRequiredService<Deadlines>(),
            services.GetRequiredService<LaterMessages>(),
            ledger.Clock,
            CancellationToken.None
        );
    }

    /// <summary>Storage brings the waiting messages now.</summary>
    private Task<long> Bring() =>
        Sql(
            $"""
            with due as (update {Messages} set execution_time = now() where {Waiting} returning 1)
            select count(*) from due
            """
        );

    private async Task Done()
    {
        var today = ExpiryEntry.TextOf(BankCalendar.DayOf(ledger.Clock.GetCurrentInstant()));
        foreach (var book in ledger.Books.Learners)
        {
            await Eventually.Get<object>(async () => (await Stands(book)).DoneOn == today ? true : null);
        }
    }

    private async Task<DailyWork> Stands(string book)
    {
        await using var session = ledger.Books.Read(book);
        return (await session.LoadAsync<DailyWork>(DailyWork.Key))!;
    }

    private async Task<long> Sql(string sql)
    {
        await using var connection = new NpgsqlConnection(ledger.Service.Settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
