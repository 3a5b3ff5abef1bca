using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Lives;

/// <summary>
/// The life of one account, made of commands that the service's own deciders took or refused. Mostly commands that the
/// state allows, so that long stories happen, and now and then one that it does not. The story tells what they were;
/// a model that knows only the commands tells what must have come of them.
/// </summary>
internal sealed partial class GeneratedLife
{
    private const int HoldDays = 90;

    private readonly string prefix;
    private readonly IReadOnlyList<Command> commands;
    private LocalDate today = new(2025, 1, 1);
    private Lot lot = new(0);
    private int number;

    /// <summary>A life that begins.</summary>
    /// <param name="prefix">Comes before every id, so that two lives have nothing in common.</param>
    /// <param name="accountId">The account.</param>
    public GeneratedLife(string prefix = "", string accountId = "acc-00-00000000000000000000")
    {
        this.prefix = prefix;
        Account.Id = accountId;
        commands = [.. OfOutcomes(), .. OfClaims(), .. OfTransfers(), .. OfAppeals(), .. OfAwards(), .. OfMatters()];
    }

    /// <summary>What can be commanded.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Weight">How often, beside the others that can be.</param>
    /// <param name="May">Whether the state has something it can be done to.</param>
    /// <param name="Do">Does it, and tells what came of it.</param>
    private sealed record Command(string Name, int Weight, Func<bool> May, Func<string> Do);

    /// <summary>What was done, a line a command.</summary>
    public List<string> Story { get; } = [];

    /// <summary>Every event of the account's stream.</summary>
    public List<object> Events { get; } = [];

    /// <summary>How many events there were before the last command.</summary>
    public int Known { get; private set; }

    /// <summary>The events of the last command.</summary>
    public IEnumerable<object> News => Events.Skip(Known);

    /// <summary>How often each command, and each turn worth counting, was taken.</summary>
    public Dictionary<string, int> Taken { get; } = [];

    public Account Account { get; } = new();

    /// <summary>What must have come of the commands.</summary>
    public LedgerModel Model { get; } = new();

    public LocalDate Today => today;

    /// <summary>The latest day on which time was let pass, and with it everything expired that was due.</summary>
    public LocalDate? LookedAtOn { get; private set; }

    /// <summary>One command more.</summary>
    public void Live(Step step)
    {
        lot = new Lot(step.Seed);
        number = step.Number;
        Known = Events.Count;
        today = today.PlusDays(lot.Draw("days", 3));
        var drawn = lot.Ranked("command", commands, command => command.Name, command => WeightOf(command, step.Mood));
        var chosen = lot.OneIn(10, "whatever") ? drawn.First() : drawn.First(command => command.May());
        Model.Begin(today);
        Story.Add($"{today:uuuu-MM-dd} {step.Number} {chosen.Name}");
        try
        {
            Story[^1] += $" {chosen.Do()}";
        }
        catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{string.Join('\n', Story)}\n{fault}", fault);
        }

        Model.Compare(Account);
    }

    /// <summary>In every life some commands come four times as often as usual, some four times as rarely.</summary>
    private static int WeightOf(Command command, int mood) =>
        new Lot(mood).Draw(command.Name, 5) switch
        {
            0 => command.Weight,
            1 => command.Weight * 16,
            _ => command.Weight * 4,
        };

    /// <summary>Commands one after another.</summary>
    public GeneratedLife Live(Steps steps)
    {
        foreach (var step in steps.All)
        {
            Live(step);
        }

        return this;
    }

    /// <summary>Takes events of the account.</summary>
    public void Take(IEnumerable<object> events)
    {
        foreach (var one in events)
        {
            Fold(Account, one);
            Events.Add(one);
        }
    }

    /// <summary>The account from its events alone.</summary>
    public Account Replayed()
    {
        var account = new Account { Id = Account.Id };
        Events.ForEach(one => Fold(account, one));
        return account;
    }

    /// <summary>No command is given before that day.</summary>
    public void Reach(LocalDate on) => today = LocalDate.Max(today, on);

    private void Fold(Account account, object one)
    {
        if (one is AwardConferred conferred)
        {
            account.Apply(
                new Event<AwardConferred>(conferred) { UserName = conferrers.GetValueOrDefault(conferred.AwardId) }
            );
        }
        else
        {
            AccountFold.Apply(account, one);
        }
    }

    private void Expire(IReadOnlyList<object> events)
    {
        if (events.Count > 0)
        {
            Did("expiry");
            Take(events);
        }
    }

    private string LetTimePass()
    {
        today = today.PlusDays(lot.OneIn(3, "long") ? lot.Draw("months", 2 * HoldDays) : 1 + lot.Draw("some days", 20));
        Model.Begin(today);
        var lapsed = new List<string>();
        foreach (var entry in entries.Values.Where(IsOwn).ToList())
        {
            var events = TransferDecider.Lapse(entry.Transfer, Account, today);
            if (events.OfTransfer.Count > 0)
            {
                Take(entry.Id, events, "time", "lapse");
                lapsed.Add(entry.Id);
            }

            Assert.Empty(TransferDecider.Lapse(entry.Transfer, Account, today).OfTransfer);
        }

        var expired = ExpiringCredit.Due(Account, Account.Outcomes.Keys, today);
        Expire(expired);
        Assert.Empty(ExpiringCredit.Due(Account, Account.Outcomes.Keys, today));
        Model.IsSwept = true;
        LookedAtOn = today;
        return $"lapsed: {string.Join(' ', lapsed)}, days of expiry: {expired.Count}";
    }

    private string Done(string told)
    {
        Did(told.Split(' ')[0]);
        return told;
    }

    /// <summary>Counts what was taken.</summary>
    public void Did(string what) => Taken[what] = Taken.GetValueOrDefault(what) + 1;

    private string Named(string kind) => $"{prefix}{kind}{number}";

    private static string No(Refusal refusal) => $"refused: {refusal.Code}";
}
