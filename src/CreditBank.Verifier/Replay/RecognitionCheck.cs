using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;
using Worth = CreditBank.Ledger.Events.Worth;

namespace CreditBank.Verifier;

/// <summary>
/// Recognises outcomes anew under the version that their recognition cites. What is the same in two records is worked
/// out once.
/// </summary>
internal sealed class RecognitionCheck(RegistryFacts registry)
{
    private const int RememberedMax = 50_000;

    private readonly Dictionary<Question, Answer> remembered = [];

    /// <summary>How many recognitions were checked.</summary>
    public long Count { get; private set; }

    /// <summary>Why a recognition is not what the rules say; none when it is.</summary>
    /// <param name="recognised">The recognition.</param>
    /// <param name="record">The record it is about; none when there is none.</param>
    /// <param name="before">What it was worth before; none for the first.</param>
    /// <param name="recordedAtMicroseconds">When it was recorded.</param>
    public string? Differs(
        OutcomeRecognised recognised,
        OutcomeRecord? record,
        OutcomeRecognised? before,
        long recordedAtMicroseconds
    )
    {
        Count++;
        if (record is null)
        {
            return "It recognises an outcome that was never recorded.";
        }

        var catalog = registry.CatalogAt(recordedAtMicroseconds);
        var rules = catalog.Find(recognised.RuleSetVersion);
        if (rules is null)
        {
            return $"It cites {recognised.RuleSetVersion}, which was not published by then.";
        }

        // What is decided just before midnight is recorded just after it.
        var day = BankCalendar.DayOf(Instant.FromUnixTimeTicks(recordedAtMicroseconds * 10));
        if (!IsInForce(rules, catalog, day) && !IsInForce(rules, catalog, day.PlusDays(-1)))
        {
            return $"It cites {rules.Version}, which is not in force on {day:uuuu-MM-dd}.";
        }

        var (value, level, clauses, term) = Answered(recognised.OutcomeId, record, rules);
        var replaces = before?.Value is { IsNothing: false } old ? old : null;
        return recognised.Value != value
                ? $"{rules.Version} gives {Words(value)}, recorded is {Words(recognised.Value)}."
            : recognised.Level != level ? $"{rules.Version} gives level {level ?? "none"}, not {recognised.Level}."
            : !recognised.Clauses.SequenceEqual(clauses) ? $"{rules.Version} decides by other clauses."
            : (recognised.ExpiresOn, recognised.ExpiryClause) != (term?.On, term?.Clause?.Clause)
                ? $"{rules.Version} lets it expire on {Words(term?.On)}, recorded is {Words(recognised.ExpiresOn)}."
            : recognised.Replaces != replaces ? "It does not replace what was recognised before."
            : recognised.InstitutionId != record.InstitutionId ? "It names another issuer than the record."
            : recognised.EffectiveOn != record.CompletedOn ? "It is true from another day than the record's."
            : null;
    }

    private Answer Answered(string outcomeId, OutcomeRecord record, RuleSet rules)
    {
        var question = new Question(
            rules.Version,
            record with
            {
                RecordId = "",
                Revision = 0,
                Title = "",
                GradeScale = null,
                GradeValue = null,
                StartedOn = null,
            }
        );
        if (!remembered.TryGetValue(question, out var answer))
        {
            var facts = RecordFacts.Of(outcomeId, record);
            var recognition = Recogniser.Recognise(facts, rules);
            answer = new Answer(
                RecordFacts.HasPassed(record)
                    ? new Worth(recognition.SourceCredits, recognition.SourceUnit, recognition.StandardCredits)
                    : Worth.Nothing(recognition.SourceUnit),
                recognition.Level,
                [.. recognition.Clauses.Select(citation => citation.Clause)],
                RecordFacts.HasPassed(record) ? Expiry.TermOf(facts, rules) : null
            );
            if (remembered.Count == RememberedMax)
            {
                remembered.Clear();
            }

            remembered.Add(question, answer);
        }

        return answer;
    }

    private static string Words(LocalDate? on) => on is { } day ? $"{day:uuuu-MM-dd}" : "no day";

    private static bool IsInForce(RuleSet rules, RuleSetCatalog catalog, LocalDate day) =>
        day >= rules.EffectiveFromOn && !(catalog.EndOf(rules) is { } end && day >= end);

    private static string Words(Worth worth) => $"{worth.Amount} {worth.Unit} = {worth.Standard}";

    /// <summary>
    /// What recognition depends on: everything but the record's own id, its words, its grade and its start.
    /// </summary>
    private sealed record Question(string RuleSetVersion, OutcomeRecord Record);

    private sealed record Answer(Worth Value, string? Level, IReadOnlyList<string> Clauses, ExpiryTerm? Term);
}
