using System.Net;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CreditBank.Api.Tests.Transfers;

public sealed class LapseTransferTests(TimedLedger ledger) : IClassFixture<TimedLedger>
{
    private const string Maths = TransferScene.Maths;
    private const string Waiting = "status = 'Scheduled' and message_type like '%LapseTransfer'";

    [Fact]
    public void an_open_transfer_lapses_on_the_day_after_its_last_and_once()
    {
        var folded = new Folded().With(Maths, 5);
        var (transfer, proposal) = folded.Submit();
        var last = Folded.Today.PlusDays(90);
        transfer = transfer with { HeldUntilOn = last };

        Assert.Empty(TransferDecider.Lapse(transfer, folded.Account, last).OfTransfer);
        var lapse = TransferDecider.Lapse(transfer, folded.Account, last.PlusDays(1));
        var (lapsed, _) = folded.Take((transfer, proposal), lapse, "time");

        Assert.Equal((TransferStates.Lapsed, last.PlusDays(1)), (lapsed.State, lapsed.DecidedOn));
        Assert.Equal("5/0/0/0", folded.Position(Maths));
        Assert.Empty(TransferDecider.Lapse(lapsed, folded.Account, last.PlusDays(2)).OfTransfer);
    }

    [Fact]
    public void a_decided_transfer_never_lapses()
    {
        var folded = new Folded().With(Maths, 5);
        var submitted = folded.Submit();
        var (approved, _) = folded.Take(submitted, folded.TryApprove(submitted), Folded.Approver);

        var later = Folded.Today.PlusDays(9000);
        Assert.Empty(
            TransferDecider.Lapse(approved with { HeldUntilOn = Folded.Today }, folded.Account, later).OfTransfer
        );
    }

    [Fact]
    public async Task what_nobody_decides_lapses_and_the_credit_can_be_asked_for_again()
    {
        var scene = await TransferScene.Open(ledger.Service, "lapse", Maths);
        var transfer = await scene.Submit();
        var id = (string)transfer["transferId"]!;
        var path = $"/v1/transfers/{id}";
        var today = BankCalendar.DayOf(ledger.Clock.GetCurrentInstant());
        Assert.Equal($"{today.PlusDays(90):uuuu-MM-dd}", (string?)transfer["heldUntil"]);

        ledger.Clock.Advance(90);
        await Handle(id);
        Assert.Equal("evaluated", (string?)(await scene.Learner.Get(path)).Json["state"]);
        ledger.Clock.Advance(1);
        await Handle(id);
        await Handle(id);

        var lapsed = (await scene.Learner.Get(path)).Json;
        Assert.Equal(("lapsed", null), ((string?)lapsed["state"], (string?)lapsed["heldUntil"]));
        Assert.Equal($"{today.PlusDays(91):uuuu-MM-dd}", (string?)lapsed["decidedOn"]);
        Assert.Equal("5/0/0/0", await scene.Position(Maths));
        Assert.Equal(1, await Count<TransferLapsed>(id));
        Assert.Equal(1, await Count<HoldReleased>(scene.Account));
        var approval = await scene.Approver.Post($"{path}/approval", new { });
        Assert.Equal((HttpStatusCode.Conflict, "transfer.state"), (approval.Status, approval.Code));
        Assert.Equal("lapsed", (string?)approval.Json["state"]);
        await scene.Submit(Maths);
    }

    [Fact]
    public async Task the_message_is_in_the_commit_of_the_submission_and_storage_brings_it_when_it_is_due()
    {
        var scene = await TransferScene.Open(ledger.Service, "lapse-message", Maths);
        var before = await Sql($"select count(*) from messages.wolverine_incoming_envelopes where {Waiting}");
        var id = (string)(await scene.Submit())["transferId"]!;
        Assert.Equal(
            before + 1,
            await Sql($"select count(*) from messages.wolverine_incoming_envelopes where {Waiting}")
        );

        ledger.Clock.Advance(91);
        await Sql(
            $"""
            with due as (
                update messages.wolverine_incoming_envelopes set execution_time = now() where {Waiting} returning 1
            )
            select count(*) from due
            """
        );

        await Eventually.Get<object>(async () => await Count<TransferLapsed>(id) > 0 ? true : null);
        Assert.Equal("5/0/0/0", await scene.Position(Maths));
    }

    [Fact]
    public async Task a_message_for_a_transfer_that_is_not_there_does_nothing()
    {
        var random = new byte[13];
        await Handle(LedgerId.Create(LedgerIdKind.Transfer, 1, random));
    }

    private Task Handle(string transferId) =>
        LapseTransferHandler.Handle(
            new LapseTransfer(transferId),
            ledger.Service.Services.GetRequiredService<TransferDesk>(),
            CancellationToken.None
        );

    private async Task<int> Count<T>(string stream)
    {
        await using var session = ledger.Books.Read(ledger.Books.BookOf(stream));
        return (await session.Events.FetchStreamAsync(stream)).Count(@event => @event.Data is T);
    }

    private async Task<long> Sql(string sql)
    {
        await using var connection = new NpgsqlConnection(ledger.Service.Settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
