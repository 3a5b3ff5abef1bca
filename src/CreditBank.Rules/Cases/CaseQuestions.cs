using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>What a step of a case can ask, and how its expectation is compared.</summary>
internal sealed class CaseQuestions(
    RuleSet rules,
    RuleSetCatalog catalog,
    FactsReader facts,
    ProgrammeFacts? programme,
    string family,
    List<string> report,
    SortedSet<string> touched
)
{
    private readonly Dictionary<string, string?> answers = new(StringComparer.Ordinal);
    private Proposal? proposal;

    public static readonly string[] Names =
    [
        "evaluate",
        "recognise",
        "total",
        "crosswalk",
        "award",
        "expiry",
        "grade",
        "distribution",
        "mean",
        "erratum",
        "titles",
    ];

    public bool Ask(FieldReader step)
    {
        foreach (var name in Names)
        {
            if (name == "titles" ? step.Has(name) : step.Group(name) is not null)
            {
                Answer(name, step);
                return true;
            }
        }

        return false;
    }

    public void Expect(FieldReader expected)
    {
        foreach (var (key, at, value) in expected.Map.Entries)
        {
            if (key is "lines" or "caps")
                continue;
            expected.Node(key);
            var wanted = Plain(value);
            if (!answers.TryGetValue(key, out var found))
                expected.Problems.Add(
                    at,
                    "case.expect",
                    $"'{key}' is no answer here; there are {string.Join(", ", answers.Keys)}."
                );
            else if (found != wanted)
                expected.Problems.Add(
                    value.At,
                    "case.mismatch",
                    $"'{key}' is {found ?? "nothing"}, expected {wanted}."
                );
        }

        if (proposal is not null)
            new LineExpectations(proposal).Check(expected);
        expected.Done();
    }

    private void Answer(string name, FieldReader step)
    {
        var asked = name == "titles" ? null : step.Group(name);
        switch (name)
        {
            case "evaluate":
                Evaluate(asked!);
                break;
            case "recognise":
                Recognise(facts.Outcome(asked!));
                break;
            case "total":
                Set(
                    "standard",
                    Recogniser.Total(asked!.Groups("outcomes").Select(facts.Outcome).ToList(), rules).ToString()
                );
                asked!.Done();
                break;
            case "crosswalk":
                Crosswalk(asked!);
                break;
            case "award":
                Award(asked!);
                break;
            case "expiry":
                Expire(asked!);
                break;
            case "mean":
                Mean(asked!);
                break;
            case "erratum":
                Erratum(asked!);
                break;
            case "titles":
                var titles = step.Words("titles").Select(TitleKey.Of).Distinct().Count();
                Set("distinct", titles.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                Grade(name, asked!);
                break;
        }
    }

    private void Evaluate(FieldReader asked)
    {
        var request = facts.Request(asked, programme, family);
        if (!asked.Problems.IsEmpty)
            return;
        var result = Evaluator.Evaluate(request, catalog);
        Set("refusal", result.Refusal?.Code);
        proposal = result.Proposal;
        if (proposal is null)
            return;
        Set("granted", proposal.Totals.Granted.ToString());
        Set("sourceDebited", proposal.Totals.SourceDebited.ToString());
        Set("forfeited", proposal.Totals.Forfeited.ToString());
        Set("retained", proposal.Totals.Retained.ToString());
        Set("optimal", proposal.Optimal ? "true" : "false");
        Set("version", proposal.RuleSet.Version);
        touched.UnionWith(proposal.Lines.SelectMany(line => line.Clauses).Select(citation => citation.Clause));
        touched.UnionWith(proposal.Caps.Where(cap => !cap.Used.IsZero).Select(cap => cap.Clause));
        foreach (var line in proposal.Lines)
        {
            report.Add($"{line.Line}. {line.Result} {line.Code}: {line.Explanation.En}");
            report.Add($"   {line.Explanation.Zh}");
            if (line.Clauses.Count > 0)
                report.Add(
                    "   clauses: "
                        + string.Join(", ", line.Clauses.Select(clause => clause.RuleSetVersion + " " + clause.Clause))
                );
            if (line.Next is { } next)
                report.Add($"   next: {next.En} {next.Zh}");
        }

        foreach (var cap in proposal.Caps)
            report.Add($"cap {cap.Clause} {cap.Scope}: {cap.Used} of {cap.Limit}, {cap.Left} left");
        report.Add(
            $"granted {proposal.Totals.Granted}, debited {proposal.Totals.SourceDebited}, "
                + $"forfeited {proposal.Totals.Forfeited}"
        );
    }

    private void Recognise(OutcomeFacts outcome)
    {
        var recognition = Recogniser.Recognise(outcome, rules);
        Set("standard", recognition.StandardCredits.ToString());
        Set("points", recognition.Points.ToString());
        Set("level", recognition.Level);
        Set("problem", recognition.Problem);
        Set("sourceCredits", recognition.SourceCredits.ToString());
        Set("sourceUnit", recognition.SourceUnit);
        touched.UnionWith(recognition.Clauses.Select(citation => citation.Clause));
        report.Add(recognition.Explanation.En);
        report.Add(recognition.Explanation.Zh);
    }

    private void Crosswalk(FieldReader asked)
    {
        var (from, level, to) = (asked.Required("from"), asked.Required("level"), asked.Required("to"));
        asked.Done();
        var levels = Recogniser.Crosswalk(rules, from, level, to);
        Set("levels", levels is null or [] ? null : string.Join(", ", levels));
        Set("refer", levels is { Count: 1 } ? "false" : "true");
        touched.UnionWith(
            rules.Crosswalks.Where(table => table.From == from && table.To == to).Select(table => table.Id)
        );
        report.Add($"{from} {level} is {to} {(levels is null ? "(no table)" : string.Join(" or ", levels))}");
    }

    private void Award(FieldReader asked)
    {
        var own = asked.Group("programme");
        var request = new AwardRequest
        {
            Programme = own is not null ? FactsReader.Programme(own, family) : programme!,
            Lines = [.. asked.Groups("lines").Select(FactsReader.Line)],
            EnrolledOn = asked.Date("enrolledOn"),
            On = asked.Date("on") ?? new NodaTime.LocalDate(2024, 10, 8),
        };
        asked.Done();
        var audit = AwardAudits.Audit(request, rules);
        Set("met", audit.Met ? "true" : "false");
        Set("earliestOn", audit.EarliestOn is { } earliest ? Days.Text(earliest) : null);
        foreach (var use in audit.Requirements)
        {
            Set("short " + use.Clause.Clause, use.Missing.ToString());
            Set("has " + use.Clause.Clause, use.Has.ToString());
            report.Add($"{use.Title.En}: {use.Explanation.En}");
            touched.Add(use.Clause.Clause);
        }

        touched.UnionWith(rules.StudyTimes.Select(time => time.Id));
    }

    private void Expire(FieldReader asked)
    {
        var outcome = asked.Group("outcome") is { } fields ? facts.Outcome(fields) : null;
        var on = asked.Date("on");
        asked.Done();
        if (outcome is null || on is null)
            return;
        var due = Expiry.Due([outcome], rules, on.Value);
        Set("expiresOn", Expiry.ExpiresOn(outcome, rules) is { } expires ? Days.Text(expires) : null);
        Set("expired", due.Sum(credit => credit.Amount).ToString());
        touched.UnionWith(due.Select(credit => credit.Clause?.Clause).OfType<string>());
    }

    private void Grade(string name, FieldReader asked)
    {
        if (name == "grade")
        {
            var grade = new GradeFacts(asked.Required("from"), asked.Required("value"));
            Set("grade", GradeConversion.Convert(rules, grade, asked.Required("to")));
            asked.Done();
            return;
        }

        var (from, to) = (asked.Required("from"), asked.Required("to"));
        asked.Done();
        foreach (var suggestion in GradeConversion.ByDistribution(rules, from, to) ?? [])
        {
            Set(suggestion.Source, suggestion.Home);
            Set(suggestion.Source + " ties", string.Join(", ", suggestion.Ties));
        }

        touched.UnionWith([from, to]);
    }

    private void Mean(FieldReader asked)
    {
        var lines = asked.Groups("lines").Select(FactsReader.Line).ToList();
        asked.Done();
        var mean = GradeConversion.Mean(rules, programme!, lines, new NodaTime.LocalDate(2024, 10, 8));
        Set("mean", mean?.ToString());
        var recorded = rules.Clauses.All.Where(clause => clause.Decides == Question.GradeRecorded);
        touched.UnionWith(recorded.Select(clause => clause.Id));
    }

    private void Erratum(FieldReader asked)
    {
        var mode = asked.Word("mode", "", "prospective", "reopenIfBeneficial", "voidAbInitio") switch
        {
            "voidAbInitio" => ErratumMode.VoidAbInitio,
            "reopenIfBeneficial" => ErratumMode.ReopenIfBeneficial,
            _ => ErratumMode.Prospective,
        };
        var (decided, corrected) = (asked.Amount("decided") ?? Credits.Zero, asked.Amount("corrected") ?? Credits.Zero);
        var decisions = Enumerable
            .Range(1, (int)(asked.Number("decisions") ?? 0))
            .Select(number => new DecisionUnderError($"d{number:D3}", decided, corrected));
        asked.Done();
        var effects = Errata.Effects(mode, decisions);
        Set("change", effects.Sum(effect => effect.Change).ToString());
        Set("notices", Count(effects.Count(effect => effect.Notice)));
        Set("appeals", Count(effects.Count(effect => effect.MayAppeal)));
    }

    private static string Count(int count) => count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Set(string name, string? value) => answers[name] = value;

    /// <summary>A list as it is answered; numbers without their closing zeros, so that 70.0 is 70.</summary>
    internal static string? Plain(DocumentNode node) =>
        node switch
        {
            DocumentText { Value: "none" or "" } => null,
            DocumentText text when Credits.TryParse(text.Value, null, out var number) => number.ToString(),
            DocumentText text => text.Value,
            DocumentList list => string.Join(", ", list.Items.OfType<DocumentText>().Select(item => item.Value)),
            _ => "",
        };
}
