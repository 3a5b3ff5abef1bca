namespace CreditBank.Rules;

/// <summary>One run of one case file.</summary>
internal sealed class CaseRun(
    string file,
    FieldReader fields,
    DocumentMap rules,
    IReadOnlyList<RuleSet> siblings,
    ProblemList problems
)
{
    private readonly SortedSet<string> touched = new(StringComparer.Ordinal);
    private readonly List<string> report = [];

    public CaseResult Run()
    {
        var (id, title) = (fields.Required("case"), fields.Required("title"));
        fields.Text("note");
        fields.Words("cites");
        var changed = fields.Node("with") is DocumentMap changes ? DocumentMerge.Overlay(rules, changes) : rules;
        var defaults = fields.Node("outcomes") as DocumentMap;
        var facts = new FactsReader(defaults, problems);
        var versions = ReadVersions(changed);
        var family = (changed.Find("family") as DocumentText)?.Value ?? "";
        var programme = fields.Group("programme") is { } given ? FactsReader.Programme(given, family) : null;
        if (fields.Has("steps"))
        {
            foreach (var step in fields.Groups("steps"))
                RunStep(step, changed, versions, facts, programme, family);
        }
        else
        {
            RunStep(fields, changed, versions, facts, programme, family);
        }

        fields.Node("steps");
        if (fields.Has("steps"))
            fields.Done();
        return new CaseResult(file, id, title, problems.InOrder(), [.. touched], report);
    }

    /// <summary>Further versions of the family: the case's rule set with changes laid over it.</summary>
    private List<RuleSet> ReadVersions(DocumentMap changed)
    {
        var versions = new List<RuleSet>();
        foreach (var version in fields.Groups("versions"))
        {
            var read = RuleSetReader.Read(DocumentMerge.Overlay(changed, version.Map), new ProblemList());
            if (read.RuleSet is { } made)
                versions.Add(made);
            foreach (var problem in read.Problems)
                problems.Add(version.At, problem.Code, problem.Text);
        }

        return versions;
    }

    private void RunStep(
        FieldReader step,
        DocumentMap changed,
        List<RuleSet> versions,
        FactsReader facts,
        ProgrammeFacts? programme,
        string family
    )
    {
        if (!ReferenceEquals(step, fields))
            report.Add("# " + step.Required("name"));
        var own = changed;
        if (!ReferenceEquals(step, fields) && step.Node("with") is DocumentMap changes)
            own = DocumentMerge.Overlay(changed, changes);
        var loaded = RuleSetReader.Read(own, new ProblemList());
        foreach (var problem in loaded.Problems)
            problems.Add(step.At, problem.Code, $"{problem.File}({problem.Line}): {problem.Text}");
        if (loaded.RuleSet is not { } current)
            return;
        var before = problems.Count;
        var questions = new CaseQuestions(
            current,
            Catalog(current, versions),
            facts,
            programme,
            family,
            report,
            touched
        );
        var answered = questions.Ask(step);
        var expected = step.Group("expect");
        if (!answered)
            problems.Add(step.At, "case.question", $"A step asks one of {string.Join(", ", CaseQuestions.Names)}.");
        else if (expected is null)
            problems.Add(step.At, "case.expect", "A step says what it expects.");
        else if (problems.Count == before)
            questions.Expect(expected);
        step.Done();
    }

    private RuleSetCatalog Catalog(RuleSet current, List<RuleSet> versions) =>
        new((versions.Count > 0 ? versions : [current]).Concat(siblings).DistinctBy(one => one.Version));
}
