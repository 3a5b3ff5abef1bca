using CreditBank.Api.Accounts;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;

namespace CreditBank.Api.Tests.Lives;

/// <summary>Outcomes: deposits, corrections and ends.</summary>
internal sealed partial class GeneratedLife
{
    private sealed record Course(
        string InstitutionId,
        string Code,
        decimal Credits,
        string Kind = OutcomeKinds.AcademicCourse
    );

    /// <summary>Some match, some need each other, some a person judges, some are the receivers' own.</summary>
    private static readonly Course[] Courses =
    [
        new("fudan", "MATH120021", 5),
        new("fudan", "COMP110042", 3),
        new("fudan", "COMP130010", 3),
        new("fudan", "PHIL110", 2),
        new("sjtu", "MA081", 4),
        new("sjtu", "CS101", 4),
        new("sjtu", "CS392", 3),
        new("sjtu", "EN062", 4),
        new("sjtu", "IS301", 2),
        new("sjtu", "IS302", 2),
        new("shou", "SHOU-PROG", 5),
        new("ecnu", "SHOU-JS", 6),
        new("shou-online", "MOOC-DB", 3, OutcomeKinds.OnlineCourse),
        new("library", "READING", 3, OutcomeKinds.Leisure),
    ];

    private static readonly string[] Levels = ["3", "4", "5", "6"];

    private IEnumerable<Command> OfOutcomes() =>
        [
            new("deposit", 22, () => Account.Outcomes.Count < 25, Deposit),
            new("correct", 9, () => Account.Outcomes.Count > 0, Correct),
            new("withdraw", 2, () => Account.Outcomes.Count > 0, () => End(withdraws: true)),
            new("revoke", 3, () => Account.Outcomes.Count > 0, () => End(withdraws: false)),
            new("time", 6, () => true, LetTimePass),
        ];

    private string Deposit()
    {
        var course = lot.Of("course", Courses, course => course.InstitutionId + course.Code);
        var id = Named("o");
        var record = Resized(
            new OutcomeRecord
            {
                InstitutionId = course.InstitutionId,
                RecordId = id,
                Revision = 1,
                Kind = course.Kind,
                CourseCode = course.Code,
                Title = course.Code,
                Credits = new Credits(course.Credits),
                Unit = "cn-credit",
                Level = lot.OneIn(8, "level") ? "4" : "5",
                Result = lot.OneIn(12, "failed") ? OutcomeResults.Failed : OutcomeResults.Passed,
                GradeScale = "percent",
                GradeValue = Grade(),
                CompletedOn = today.PlusDays(-lot.Draw("completed", 400)),
            }
        );
        return Record(id, record, new OutcomeSource("transcript", "t"));
    }

    /// <summary>Now and then in another unit, or of another size.</summary>
    private OutcomeRecord Resized(OutcomeRecord record) =>
        lot.Draw("size", 8) switch
        {
            0 => record with { Credits = Credits.Rounded(record.Credits.Value * 16), Unit = "class-hour" },
            1 => record with { Credits = Credits.Rounded(record.Credits.Value * 2), Unit = "ects" },
            2 => record with { Credits = Credits.Rounded(record.Credits.Value + lot.Draw("more", 5) / 2m) },
            _ => record,
        };

    private string Grade() => $"{(lot.OneIn(10, "low") ? 50 : 70 + lot.Draw("grade", 30))}";

    private string Record(string id, OutcomeRecord record, OutcomeSource source)
    {
        if (!RecordingDecider.First(id, record, source, LifeRules.On(today), today).Is(out var events, out var refusal))
        {
            return No(refusal);
        }

        Take(events);
        Model.Recorded(id, record, events.OfType<OutcomeRecognised>().Single());
        return Done($"{source.Kind} {id} {record.CourseCode} {record.Credits} {record.Unit} {record.Result}");
    }

    private string Correct()
    {
        if (Standing("corrected") is not { } standing)
        {
            return "nothing";
        }

        var (position, wasHeld, wasPosted) = (standing.Position, Rests(standing, true), Rests(standing, false));
        var record = Corrected(position.Record);
        var decision = RecordingDecider.Revise(
            standing,
            record,
            lot.Of("reason", CorrectionReasons.All),
            null,
            null,
            LifeRules.On(today),
            today
        );
        if (!decision.Is(out var events, out var refusal))
        {
            return $"{position.OutcomeId} {No(refusal)}";
        }

        Take(events);
        var recognised = events.OfAccount.OfType<OutcomeRecognised>().Single();
        Model.Corrected(position.OutcomeId, record, recognised, events.OfTransfers);
        CountUnwound(events, "correction", wasHeld, wasPosted);
        return Done(
            $"correct {position.OutcomeId} to {record.CourseCode} {record.Credits} {record.Unit} {record.Kind} "
                + $"{record.Level} {record.GradeValue} {record.Result} of {record.CompletedOn:uuuu-MM-dd}"
        );
    }

    /// <summary>One or two things are otherwise.</summary>
    private OutcomeRecord Corrected(OutcomeRecord before)
    {
        var record = before with { Revision = before.Revision + (lot.OneIn(15, "old") ? 0 : 1 + lot.Draw("by", 2)) };
        foreach (var what in (string[])["first", "second"])
        {
            record = lot.Draw(what, 11) switch
            {
                0 or 1 or 2 => record with { Credits = new Credits(1 + lot.Draw("credits", 12) / 2m) },
                3 => record with { GradeValue = Grade() },
                4 => record with { Result = OutcomeResults.Failed },
                5 => record with { Result = OutcomeResults.Passed },
                6 => record with { CourseCode = lot.Of("code", Courses.Select(course => course.Code)) },
                7 => record with { Level = lot.Of("level", Levels) },
                8 => record with
                {
                    Kind = lot.OneIn(2, "kind") ? OutcomeKinds.OnlineCourse : OutcomeKinds.AcademicCourse,
                },
                9 => record with { Unit = lot.OneIn(2, "unit") ? "ects" : "class-hour" },
                _ => record with { CompletedOn = today.PlusDays(-lot.Draw("completed", 400)) },
            };
        }

        return record;
    }

    private string End(bool withdraws)
    {
        if (Standing("ended") is not { } standing)
        {
            return "nothing";
        }

        var (id, wasHeld, wasPosted) = (standing.Position.OutcomeId, Rests(standing, true), Rests(standing, false));
        var decision = withdraws
            ? OutcomeDecider.Withdraw(standing, "issuerError", null, today)
            : OutcomeDecider.Revoke(standing, "fraud", null, today);
        if (!decision.Is(out var events, out var refusal))
        {
            return $"{id} {No(refusal)}";
        }

        Take(events);
        Model.Ended(id, withdraws, events.OfTransfers);
        CountUnwound(events, withdraws ? "withdrawal" : "revocation", wasHeld, wasPosted);
        return Done($"{(withdraws ? "withdraw" : "revoke")} {id}");
    }

    private static bool Rests(OutcomeStanding standing, bool held) =>
        held ? !standing.Position.Held.IsNothing : !(standing.Position.InUse - standing.Position.Held).IsNothing;

    private void CountUnwound(OutcomeEvents events, string by, bool wasHeld, bool wasPosted)
    {
        if (wasPosted && events.OfAccount.Any(one => one is ConversionReversed))
        {
            Did($"posted line unwound by {by}");
        }

        if (wasHeld && events.OfAccount.Any(one => one is HoldReleased))
        {
            Did($"held line unwound by {by}");
        }

        if (events.OfAccount.Any(one => one is AwardReviewOpened))
        {
            Did("review");
        }
    }

    private void Take(OutcomeEvents events)
    {
        Take(events.OfAccount);
        foreach (var one in events.OfTransfers)
        {
            entries[one.TransferId].Transfer = entries[one.TransferId].Transfer.Apply(one);
        }
    }

    /// <summary>One of the outcomes, mostly one of which something is in use.</summary>
    private OutcomeStanding? Standing(string what)
    {
        if (Account.Outcomes.Count == 0)
        {
            return null;
        }

        var used = Account.Outcomes.Values.Where(outcome => !outcome.IsUntouched).ToList();
        var from = used.Count > 0 && !lot.OneIn(3, "any outcome") ? used : [.. Account.Outcomes.Values];
        var position = lot.Of(what, from, outcome => outcome.OutcomeId);
        var open = position.Holds.Keys.ToDictionary(id => id, id => entries[id].Transfer);
        return new OutcomeStanding(Account, position, open);
    }
}
