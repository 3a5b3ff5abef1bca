using System.Globalization;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Ledger.Journal;
using NodaTime;

namespace CreditBank.Api.Accounts;

/// <summary>What a line of a statement tells.</summary>
public enum StatementKind
{
    /// <summary>A record came in; its worth follows in a recognition.</summary>
    Deposit,

    /// <summary>The rules recognised a record's worth.</summary>
    Recognition,

    /// <summary>A correction took back what was recognised before.</summary>
    Correction,

    /// <summary>Credit was set aside for a transfer.</summary>
    Hold,

    /// <summary>What was set aside is available again.</summary>
    Release,

    /// <summary>Credit became credit of a programme.</summary>
    Conversion,

    /// <summary>Credit was lost by rule in a conversion.</summary>
    Forfeiture,

    /// <summary>A programme granted credit.</summary>
    Grant,

    /// <summary>What was converted is available again, because what it rested on changed.</summary>
    Reversal,

    /// <summary>What was lost by rule is available again, with the conversion it was part of.</summary>
    ForfeitureReversal,

    /// <summary>What a programme granted is gone again.</summary>
    GrantReversal,

    /// <summary>The issuer took the record back.</summary>
    Withdrawal,

    /// <summary>The issuer revoked the record.</summary>
    Revocation,

    /// <summary>It went to another account of the same person, or back to it.</summary>
    HandedOver,

    /// <summary>It came from another account of the same person.</summary>
    TakenOver,

    /// <summary>What a programme granted went to another account of the same person.</summary>
    GrantHandedOver,

    /// <summary>What a programme granted came from another account of the same person.</summary>
    GrantTakenOver,

    /// <summary>Time ended what was still available.</summary>
    Expiry,

    /// <summary>What had expired is available again, because the record changed.</summary>
    ExpiryReversal,
}

/// <summary>One line of a statement, with the balances after it.</summary>
public sealed record StatementLine
{
    /// <summary>The event's place in the stream and the line's place in the event: orders the statement.</summary>
    public required (long Version, int Part) Position { get; init; }

    /// <summary>What it tells.</summary>
    public required StatementKind Kind { get; init; }

    /// <summary>When it was recorded.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The day from which it is true.</summary>
    public required LocalDate EffectiveOn { get; init; }

    /// <summary>The outcome it is about; none for a grant.</summary>
    public string? OutcomeId { get; init; }

    /// <summary>The transfer it belongs to.</summary>
    public string? TransferId { get; init; }

    /// <summary>The course: the issuer's, or for a grant the programme's.</summary>
    public string? CourseCode { get; init; }

    /// <summary>The course's title, as the record had it then.</summary>
    public string? Title { get; init; }

    /// <summary>The programme, <c>institutionId/programmeId</c>; conversions and grants only.</summary>
    public string? Programme { get; init; }

    /// <summary>How much the line is about, never negative, in its unit and in standard credit.</summary>
    public required Worth Worth { get; init; }

    /// <summary>Available in the line's unit, after it.</summary>
    public Credits Available { get; init; }

    /// <summary>Held in the line's unit, after it.</summary>
    public Credits Held { get; init; }

    /// <summary>Available in standard credit, after it.</summary>
    public Credits StandardAvailable { get; init; }

    /// <summary>Held in standard credit, after it.</summary>
    public Credits StandardHeld { get; init; }

    /// <summary>The clauses that produced the figure; empty where no rule did.</summary>
    public IReadOnlyList<Citation> Clauses { get; init; } = [];

    /// <summary>The position as a cursor carries it.</summary>
    public string Cursor => string.Create(CultureInfo.InvariantCulture, $"{Position.Version}.{Position.Part}");
}

/// <summary>
/// Turns an account's facts into its statement: every movement a line, in the order of recording, each with the
/// balances after it and the clauses that produced it. Pure.
/// </summary>
public static class Statement
{
    /// <summary>The lines of an account.</summary>
    /// <param name="facts">The account's facts.</param>
    /// <param name="effectiveOn">Only what was true on that day, inclusive; none means all.</param>
    public static IEnumerable<StatementLine> Of(IReadOnlyList<AccountFact> facts, LocalDate? effectiveOn)
    {
        var running = new Balances();
        var records = new Dictionary<string, OutcomeRecord>();
        foreach (var fact in facts)
        {
            Remember(records, fact.Data);
            if (AccountFacts.EffectiveOn(fact.Data) is not { } on || on > effectiveOn)
            {
                continue;
            }

            var part = 0;
            foreach (var (line, moves) in LinesOf(fact, on))
            {
                if (moves is not null)
                {
                    running.Add(moves);
                }

                yield return Complete(line with { Position = (fact.Version, part++) }, running, records);
            }
        }
    }

    private static void Remember(Dictionary<string, OutcomeRecord> records, object data)
    {
        if (data is OutcomeRecorded recorded)
        {
            records[recorded.OutcomeId] = recorded.Record;
        }
        else if (data is OutcomeCorrected corrected)
        {
            records[corrected.OutcomeId] = corrected.Record;
        }
        else if (data is OutcomeTakenOver taken)
        {
            records[taken.OutcomeId] = taken.Record;
        }
    }

    private static StatementLine Complete(
        StatementLine line,
        Balances running,
        Dictionary<string, OutcomeRecord> records
    )
    {
        var record = line.OutcomeId is { } id ? records.GetValueOrDefault(id) : null;
        var unit = running.Units.Find(sums => sums.Unit == line.Worth.Unit);
        return line with
        {
            CourseCode = line.CourseCode ?? record?.CourseCode,
            Title = line.Title ?? record?.Title,
            Available = unit?.Available ?? Credits.Zero,
            Held = unit?.Held ?? Credits.Zero,
            StandardAvailable = running.Standard.Available,
            StandardHeld = running.Standard.Held,
        };
    }

    /// <summary>The lines of a fact, each with the part of the event that moves its credit.</summary>
    private static IEnumerable<(StatementLine Line, object? Moves)> LinesOf(AccountFact fact, LocalDate on)
    {
        StatementLine Line(StatementKind kind, Worth worth, string? outcomeId, string? transferId = null) =>
            new()
            {
                Position = default,
                Kind = kind,
                RecordedAt = fact.RecordedAt,
                EffectiveOn = on,
                OutcomeId = outcomeId,
                TransferId = transferId,
                Worth = worth,
            };

        return fact.Data switch
        {
            OutcomeRecorded recorded =>
            [
                (
                    Line(
                        StatementKind.Deposit,
                        new Worth(recorded.Record.Credits, recorded.Record.Unit, Credits.Zero),
                        recorded.OutcomeId
                    ),
                    null
                ),
            ],
            OutcomeRecognised recognised => Recognition(recognised, Line),
            OutcomeWithdrawn withdrawn =>
            [
                (Line(StatementKind.Withdrawal, withdrawn.Removed, withdrawn.OutcomeId), withdrawn),
            ],
            OutcomeRevoked revoked => [(Line(StatementKind.Revocation, revoked.Revoked, revoked.OutcomeId), revoked)],
            CreditHeld held => held.Lines.Select(line =>
                (
                    Line(StatementKind.Hold, line.Held, line.OutcomeId, held.TransferId),
                    (object?)(held with { Lines = [line] })
                )
            ),
            HoldReleased released => released.Lines.Select(line =>
                (
                    Line(StatementKind.Release, line.Held, line.OutcomeId, released.TransferId),
                    (object?)(released with { Lines = [line] })
                )
            ),
            CreditExpired expired => expired.Lines.Select(line => Expiry(expired, line, Line)),
            ExpiryReversed reversed =>
            [
                (Line(StatementKind.ExpiryReversal, reversed.Restored, reversed.OutcomeId), reversed),
            ],
            CreditConverted converted => converted.Lines.SelectMany(line =>
                Conversion(Posted(converted), line, Line, lines => converted with { Lines = lines })
            ),
            ConversionReversed reversed => reversed.Lines.SelectMany(line =>
                Conversion(TakenBack(reversed), line, Line, lines => reversed with { Lines = lines })
            ),
            _ => Merging(fact.Data, Line),
        };
    }

    private static IEnumerable<(StatementLine Line, object? Moves)> Merging(object data, LineMaker make) =>
        data switch
        {
            OutcomeHandedOver handed => [(make(StatementKind.HandedOver, handed.Available, handed.OutcomeId), handed)],
            OutcomeTakenOver taken => [(make(StatementKind.TakenOver, taken.Available, taken.OutcomeId), taken)],
            ConversionHandedOver handed => handed.Lines.SelectMany(line =>
                Conversion(WordsOf(handed), line, make, lines => handed with { Lines = lines })
            ),
            ConversionTakenOver taken => taken.Lines.SelectMany(line =>
                Conversion(WordsOf(taken), line, make, lines => taken with { Lines = lines })
            ),
            _ => [],
        };

    private delegate StatementLine LineMaker(
        StatementKind kind,
        Worth worth,
        string? outcomeId,
        string? transferId = null
    );

    private static (StatementLine, object?) Expiry(CreditExpired expired, ExpiredLine line, LineMaker make) =>
        (
            make(StatementKind.Expiry, line.Expired, line.OutcomeId) with
            {
                Clauses = line.Clause is { } clause ? Cite(line.RuleSetVersion, [clause]) : [],
            },
            expired with
            {
                Lines = [line],
            }
        );

    private static IEnumerable<(StatementLine, object?)> Recognition(OutcomeRecognised recognised, LineMaker line)
    {
        var clauses = Cite(recognised.RuleSetVersion, recognised.Clauses);
        if (recognised.Replaces is { } before)
        {
            var nothing = recognised with { Value = Worth.Nothing(recognised.Value.Unit) };
            yield return (line(StatementKind.Correction, before, recognised.OutcomeId), nothing);
        }

        yield return (
            line(StatementKind.Recognition, recognised.Value, recognised.OutcomeId) with
            {
                Clauses = clauses,
            },
            recognised with
            {
                Replaces = null,
            }
        );
    }

    private static IEnumerable<(StatementLine, object?)> Conversion(
        ConversionWords words,
        ConvertedLine line,
        LineMaker make,
        Func<IReadOnlyList<ConvertedLine>, object> only
    )
    {
        var clauses = Cite(line.RuleSetVersion, line.Clauses);
        StatementLine Line(StatementKind kind, Worth worth, string? outcomeId) =>
            make(kind, worth, outcomeId, words.TransferId) with
            {
                Clauses = clauses,
                Programme = words.Programme,
            };
        object Only(IReadOnlyList<Debit> debits, IReadOnlyList<Grant> grants) =>
            only([line with { Debits = debits, Grants = grants }]);

        foreach (var debit in line.Debits)
        {
            var used = debit with { Forfeited = Worth.Nothing(debit.Forfeited.Unit) };
            yield return (Line(words.Converts, debit.Converted, debit.OutcomeId), Only([used], []));
            if (!debit.Forfeited.IsNothing)
            {
                var lost = debit with { Converted = Worth.Nothing(debit.Converted.Unit) };
                yield return (Line(words.Forfeits, debit.Forfeited, debit.OutcomeId), Only([lost], []));
            }
        }

        foreach (var grant in line.Grants)
        {
            yield return (
                Line(words.Grants, new Worth(grant.Amount, grant.Unit, Credits.Zero), null) with
                {
                    CourseCode = grant.CourseCode,
                },
                Only([], [grant])
            );
        }
    }

    /// <summary>What a conversion and its reversal call their lines.</summary>
    private sealed record ConversionWords(
        string TransferId,
        string Programme,
        StatementKind Converts,
        StatementKind Forfeits,
        StatementKind Grants
    );

    private static ConversionWords Posted(CreditConverted converted) =>
        new(
            converted.TransferId,
            $"{converted.InstitutionId}/{converted.ProgrammeId}",
            StatementKind.Conversion,
            StatementKind.Forfeiture,
            StatementKind.Grant
        );

    private static ConversionWords TakenBack(ConversionReversed reversed) =>
        new(
            reversed.TransferId,
            $"{reversed.InstitutionId}/{reversed.ProgrammeId}",
            StatementKind.Reversal,
            StatementKind.ForfeitureReversal,
            StatementKind.GrantReversal
        );

    private static ConversionWords WordsOf(ConversionHandedOver handed) =>
        new(
            handed.TransferId,
            $"{handed.InstitutionId}/{handed.ProgrammeId}",
            StatementKind.HandedOver,
            StatementKind.HandedOver,
            StatementKind.GrantHandedOver
        );

    private static ConversionWords WordsOf(ConversionTakenOver taken) =>
        new(
            taken.TransferId,
            $"{taken.InstitutionId}/{taken.ProgrammeId}",
            StatementKind.TakenOver,
            StatementKind.TakenOver,
            StatementKind.GrantTakenOver
        );

    private static IReadOnlyList<Citation> Cite(string version, IReadOnlyList<string> clauses) =>
        [.. clauses.Select(clause => new Citation(version, clause))];
}
