using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace CreditBank.Api.Tests.Support;

/// <summary>Makes events of accounts: by hand, and whole lives at random from a seed.</summary>
public static class Life
{
    private static readonly string[] Units = ["cn-credit", "ects", "point"];

    /// <summary>An account that is opened today, first event of its stream.</summary>
    public static AccountOpened Opened(string accountId) =>
        new(accountId, "uni-opener", "document", new LocalDate(2020, 1, 1));

    /// <summary>A record and its recognition.</summary>
    public static object[] Deposit(
        string accountId,
        string institution,
        string recordId,
        decimal credits,
        LocalDate? on = null,
        string unit = "cn-credit"
    )
    {
        var record = Record(institution, recordId, credits, on ?? new LocalDate(2024, 7, 1), unit);
        var id = LedgerId.Outcome(accountId, institution, recordId);
        return
        [
            new OutcomeRecorded(id, record, new OutcomeSource("transcript", "t-1")),
            Recognised(id, record, new Worth(record.Credits, unit, record.Credits), null),
        ];
    }

    /// <summary>What an issuer's record says.</summary>
    public static OutcomeRecord Record(
        string institution,
        string recordId,
        decimal credits,
        LocalDate on,
        string unit
    ) =>
        new()
        {
            InstitutionId = institution,
            RecordId = recordId,
            Revision = 1,
            Kind = "academicCourse",
            CourseCode = "C-" + recordId,
            Title = "Course " + recordId,
            Credits = new Credits(credits),
            Unit = unit,
            Result = "passed",
            CompletedOn = on,
        };

    /// <summary>A recognition.</summary>
    public static OutcomeRecognised Recognised(string outcomeId, OutcomeRecord record, Worth value, Worth? replaces) =>
        new(outcomeId, "sqf-2016.1", ["RK-01"], "5", value, replaces, record.InstitutionId, record.CompletedOn);

    /// <summary>Appends events to an account of its own, in one commit.</summary>
    public static async Task<string> Begin(TestService service, params Func<string, object[]>[] events)
    {
        var accountId = OpenAccountEndpoint.NewAccountId();
        await Append(service, accountId, [Opened(accountId), .. events.SelectMany(make => make(accountId))]);
        return accountId;
    }

    /// <summary>Appends events to an account, in one commit.</summary>
    public static async Task Append(TestService service, string accountId, params object[] events)
    {
        var books = service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Write(books.BookOf(accountId), new Actor("actor-1", null));
        session.Events.Append(accountId, events);
        await session.SaveChangesAsync();
    }

    /// <summary>A life that could have happened: what an event takes was there. Same seed, same life.</summary>
    public static IReadOnlyList<object> Random(int seed, string accountId, int length = 40)
    {
        var random = new Random(seed);
        var account = new Account();
        var events = new List<object> { Opened(accountId) };
        for (var number = 0; number < length; number++)
        {
            foreach (var @event in Next(random, account, accountId, number))
            {
                Fold(account, @event);
                events.Add(@event);
            }
        }

        return events;
    }

    private static object[] Next(Random random, Account account, string accountId, int number)
    {
        var on = new LocalDate(2015, 1, 1).PlusDays(random.Next(4000));
        var open = account.Outcomes.Values.Where(outcome => !outcome.Available.IsNothing).ToList();
        var chosen = open.Count == 0 ? null : open[random.Next(open.Count)];
        var held = account.Outcomes.Values.FirstOrDefault(outcome => outcome.Holds.Count > 0);
        return (random.Next(9), chosen, held) switch
        {
            (0 or 1 or 2, _, _) or (_, null, null) => Deposit(
                accountId,
                $"uni-{random.Next(3)}",
                $"r-{number}",
                random.Next(1, 400) / 100m,
                on,
                Units[random.Next(Units.Length)]
            ),
            (3, { } outcome, _) =>
            [
                new CreditHeld($"trf-{number}", [new HeldLine(outcome.OutcomeId, Part(random, outcome.Available))], on),
            ],
            (4, _, { } outcome) => [Release(outcome, on)],
            (5, _, { } outcome) => [Convert(random, outcome, on)],
            (6, { } outcome, _) => random.Next(2) == 0
                ?
                [
                    new OutcomeWithdrawn(
                        outcome.OutcomeId,
                        "issuerError",
                        null,
                        outcome.Available,
                        outcome.Record.InstitutionId,
                        outcome.Recognition!.EffectiveOn
                    ),
                ]
                :
                [
                    new OutcomeRevoked(
                        outcome.OutcomeId,
                        "fraud",
                        null,
                        outcome.Available,
                        outcome.Record.InstitutionId,
                        outcome.Recognition!.EffectiveOn
                    ),
                ],
            (8, { } outcome, _) =>
            [
                new CreditExpired([new ExpiredLine(outcome.OutcomeId, outcome.Available, "sqf-2016.1", null)], on),
            ],
            (7, _, _) when account.Conversions.Count > 0 =>
            [
                Reverse(account.Conversions[random.Next(account.Conversions.Count)]),
            ],
            _ => [],
        };
    }

    private static ConversionReversed Reverse(CreditConverted converted) =>
        new(
            converted.TransferId,
            converted.InstitutionId,
            converted.ProgrammeId,
            converted.Lines,
            converted.Lines[0].Debits[0].OutcomeId,
            UnwindingCauses.Corrected,
            converted.EffectiveOn
        );

    private static HoldReleased Release(OutcomePosition outcome, LocalDate on)
    {
        var (transfer, worth) = outcome.Holds.First();
        return new HoldReleased(transfer, [new HeldLine(outcome.OutcomeId, worth)], on);
    }

    private static CreditConverted Convert(Random random, OutcomePosition outcome, LocalDate on)
    {
        var (transfer, worth) = outcome.Holds.First();
        var used = Part(random, worth);
        var granted = new Grant("T-1", used.Amount, random.Next(2) == 0 ? worth.Unit : "cn-credit");
        var line = new ConvertedLine(
            1,
            "sqf-2016.1",
            ["RK-10"],
            [new Debit(outcome.OutcomeId, used, worth - used)],
            [granted]
        );
        return new CreditConverted(transfer, $"uni-{random.Next(3)}", "prog-1", [line], on);
    }

    private static Worth Part(Random random, Worth whole) =>
        OutcomePosition.PartOf(whole, Credits.Rounded(whole.Amount.Value * random.Next(1, 5) / 4));

    private static void Fold(Account account, object @event) => account.Apply((dynamic)@event);
}
