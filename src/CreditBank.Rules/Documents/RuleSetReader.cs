using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// Makes a rule set of one merged document. The same reader serves folders and canonical text, so both mean the same.
/// All problems are reported at once; with one problem there is no rule set.
/// </summary>
internal sealed partial class RuleSetReader
{
    private readonly ProblemList problems;
    private readonly FieldReader root;
    private readonly HashSet<string> sourceIds = new(StringComparer.Ordinal) { Assumption };
    private readonly Dictionary<string, Position> clauseIds = new(StringComparer.Ordinal);

    /// <summary>What a value cites when nothing better is at hand; always known.</summary>
    public const string Assumption = "ASSUMPTION";

    private RuleSetReader(DocumentMap document, ProblemList problems)
    {
        this.problems = problems;
        root = new FieldReader(document, problems);
    }

    public static RuleSetResult FromCanonical(string canonicalJson)
    {
        var problems = new ProblemList();
        return CanonicalJson.Read(canonicalJson, problems) switch
        {
            DocumentMap map when problems.IsEmpty => Read(map, problems),
            { } other when problems.IsEmpty => Refused(other.At, problems),
            _ => new RuleSetResult(null, problems.InOrder()),
        };
    }

    public static RuleSetResult Read(DocumentMap document, ProblemList problems)
    {
        var read = new RuleSetReader(document, problems).Read(CanonicalJson.Write(document));
        return problems.IsEmpty ? new RuleSetResult(read, []) : new RuleSetResult(null, problems.InOrder());
    }

    private static RuleSetResult Refused(Position at, ProblemList problems)
    {
        problems.Add(at, "field.kind", "A rule set is a group of fields.");
        return new RuleSetResult(null, problems.InOrder());
    }

    private RuleSet Read(byte[] canonical)
    {
        var (family, version) = (root.Id("family"), root.Id("version"));
        var sources = ReadSources();
        var effective = ReadEffective();
        var (framework, levels) = ReadLevels();
        var units = ReadUnits(out var standard);
        var certificates = ReadCertificates(levels);
        var clauses = ReadClauses();
        var families = ReadFamilies();
        var equivalences = ReadEquivalences(certificates);
        var content = new RuleContent
        {
            HonoursAgreements = root.Word("agreements", "honoured", "honoured", "ignored") == "honoured",
            Framework = framework,
            Levels = levels,
            Units = units,
            Activities = ReadActivities(),
            Rounding = ReadRounding(),
            Crosswalks = ReadCrosswalks(),
            Placements = ReadPlacements(levels),
            Experience = ReadExperience(),
            Calendar = ReadCalendar(),
            Certificates = certificates,
            Families = families,
            Clauses = clauses,
            Equivalences = new EquivalenceIndex(equivalences),
            Caps = ReadBounds("caps", isCap: true),
            Requirements = ReadBounds("requirements", isCap: false),
            StudyTimes = ReadStudyTimes(),
            Allocation = ReadAllocation(),
            Scales = ReadScales(),
            Distributions = ReadDistributions(),
            Transitions = ReadTransitions(family),
        };
        var rules = new RuleSet(canonical, content)
        {
            Family = family,
            Version = family + "-" + version,
            Titles = root.RequiredTexts("title"),
            EffectiveFromOn = effective.FromOn ?? BankCalendar.EarliestOn,
            EffectiveToOn = effective.ToOn,
            Binding = ReadBinding(),
            Sources = sources,
            Errata = ReadErrata(),
            StandardUnit = standard,
            ClauseIds = [.. clauseIds.Keys.Order(StringComparer.Ordinal)],
        };
        CheckCalendar(rules);
        root.Done();
        return rules;
    }

    private List<RuleSource> ReadSources()
    {
        var sources = new List<RuleSource>();
        foreach (var fields in root.Groups("sources"))
        {
            var id = fields.Id();
            if (!sourceIds.Add(id))
                fields.Problem("id", "source.duplicate", $"The source '{id}' is described twice.");
            var title = fields.Required("title");
            sources.Add(new RuleSource(id, title, fields.Text("link"), fields.Flag("assumption")));
            fields.Done();
        }

        return sources;
    }

    private Period ReadEffective()
    {
        if (root.Group("effective") is not { } fields)
        {
            root.Required("effective");
            return Period.Always;
        }

        fields.Required("from");
        var period = fields.Period();
        fields.Done();
        return period;
    }

    private BindingPolicy ReadBinding()
    {
        root.Required("binding");
        return root.Word(
            "binding",
            "atApplication",
            "atEarning",
            "atEnrolment",
            "atApplication",
            "atDecision",
            "mostFavourable"
        ) switch
        {
            "atEarning" => BindingPolicy.AtEarning,
            "atEnrolment" => BindingPolicy.AtEnrolment,
            "atDecision" => BindingPolicy.AtDecision,
            "mostFavourable" => BindingPolicy.MostFavourable,
            _ => BindingPolicy.AtApplication,
        };
    }

    private List<ErratumNotice> ReadErrata()
    {
        var errata = new List<ErratumNotice>();
        foreach (var fields in root.Groups("errata"))
        {
            var id = ClauseId(fields);
            fields.Required("mode");
            var mode = fields.Word("mode", "prospective", "prospective", "reopenIfBeneficial", "voidAbInitio") switch
            {
                "reopenIfBeneficial" => ErratumMode.ReopenIfBeneficial,
                "voidAbInitio" => ErratumMode.VoidAbInitio,
                _ => ErratumMode.Prospective,
            };
            errata.Add(new(id, fields.Id("of"), fields.Id("clause"), mode, fields.RequiredTexts("text")));
            Cites(fields);
            fields.Done();
        }

        return errata;
    }

    private List<Transition> ReadTransitions(string family)
    {
        var transitions = new List<Transition>();
        foreach (var fields in root.Groups("transitions"))
        {
            var id = ClauseId(fields);
            var use = fields.Id("use");
            if (!use.StartsWith(family + "-", StringComparison.Ordinal))
                fields.Problem(
                    "use",
                    "transition.family",
                    $"'use' names a version of '{family}'; here stands '{use}'."
                );
            var when = ReadWhen(fields, "when");
            transitions.Add(new Transition(id, when, use, fields.RequiredTexts("title"), Cites(fields)));
            fields.Done();
        }

        for (var i = 0; i < transitions.Count; i++)
        {
            for (var j = i + 1; j < transitions.Count; j++)
            {
                if (!Condition.Exclude(transitions[i].When, transitions[j].When))
                {
                    problems.Add(
                        clauseIds.GetValueOrDefault(transitions[j].Id),
                        "clause.conflict",
                        $"'{transitions[i].Id}' and '{transitions[j].Id}' could both pick the version."
                    );
                }
            }
        }

        return transitions;
    }

    private Allocation ReadAllocation()
    {
        if (root.Group("allocation") is not { } fields)
            return Allocation.Default;
        var sequential = fields.Word("mode", "best", "best", "sequential") == "sequential";
        var prefer = fields.Words("prefer");
        foreach (var word in prefer)
        {
            if (!Allocation.Preferences.Contains(word))
            {
                var known = string.Join(", ", Allocation.Preferences);
                fields.Problem("prefer", "field.word", $"'prefer' lists some of {known}; here stands '{word}'.");
            }
        }

        var priority = fields.Words("priority");
        foreach (var kind in priority.Where(kind => !OutcomeKinds.All.Contains(kind)))
            fields.Problem("priority", "kind.unknown", $"'{kind}' is no kind of outcome.");
        var nodesMax = fields.Number("nodesMax", 1, 10_000_000) ?? Allocation.Default.NodesMax;
        fields.Done();
        return new Allocation(
            sequential,
            prefer.Count == 0 ? Allocation.Default.Prefer : [.. prefer],
            [.. priority],
            (int)nodesMax
        );
    }

    /// <summary>An id that decisions cite: unique over everything that can be cited.</summary>
    private string ClauseId(FieldReader fields)
    {
        var id = fields.Id();
        if (id.Length > 0 && !clauseIds.TryAdd(id, fields.PositionOf("id")))
        {
            var first = clauseIds[id];
            fields.Problem("id", "clause.duplicate", $"'{id}' is already the id of {first.File}({first.Line}).");
        }

        return id;
    }

    private IReadOnlyList<string> Cites(FieldReader fields)
    {
        var cites = fields.Words("cites");
        if (cites.Count == 0)
            problems.Add(fields.At, "cite.missing", "Every value cites a source ('cites') or says ASSUMPTION.");
        foreach (var cite in cites.Where(cite => !sourceIds.Contains(cite)))
            fields.Problem("cites", "cite.unknown", $"'{cite}' is no source of this rule set.");
        return cites;
    }
}
