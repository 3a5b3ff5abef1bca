namespace CreditBank.Rules.Tests;

/// <summary>Rules that cannot be: each is refused where it stands, and all of them at once.</summary>
public sealed class BadRuleTests
{
    private const string Title = "title: { zh: 题, en: title }, cites: ASSUMPTION";

    public static TheoryData<string, string> BadClauses() =>
        new()
        {
            {
                "clause.conflict",
                Clauses(
                    "decides: scoreMinimum, value: 60",
                    "decides: scoreMinimum, when: { outcome.kind: training }, value: 70"
                )
            },
            {
                "clause.conflict",
                Clauses(
                    "decides: scoreMinimum, value: 60",
                    "decides: scoreMinimum, exceptionTo: a, when: { outcome.kind: training }, value: 70",
                    "decides: scoreMinimum, exceptionTo: a, when: { outcome.score: { below: 9 } }, value: 80"
                )
            },
            {
                "exception.circular",
                Clauses(
                    "decides: scoreMinimum, exceptionTo: b, value: 60",
                    "decides: scoreMinimum, exceptionTo: a, value: 60"
                )
            },
            { "exception.unknown", Clauses("decides: scoreMinimum, exceptionTo: zz, value: 60") },
            {
                "exception.question",
                Clauses("decides: scoreMinimum, value: 60", "decides: recency, exceptionTo: a, value: 8 years")
            },
            { "question.unknown", Clauses("decides: scoreMinimun, value: 60") },
            { "clause.kind", Clauses("value: 60") },
            { "clause.kind", Clauses("lift: 'true'") },
            { "fact.unknown", Clauses("decides: recency, when: { outcome.knd: x }, value: 1 year") },
            { "kind.unknown", Clauses("decides: recency, when: { outcome.kind: cours }, value: 1 year") },
            {
                "condition.range",
                Clauses("decides: recency, when: { outcome.score: { atLeast: 9, below: 9 } }, value: 1 year")
            },
            { "level.unknown", Clauses("decides: recency, when: { outcome.level: '9' }, value: 1 year") },
            { "clause.value", Clauses("decides: recency") },
            { "span.syntax", Clauses("decides: recency, value: long") },
            {
                "period.overlap",
                Clauses(
                    "decides: scoreMinimum, values: [{ from: 2020-01-01, value: 1 }, { from: 2021-01-01, value: 2 }]"
                )
            },
            {
                "period.empty",
                Clauses("decides: scoreMinimum, values: [{ from: 2020-01-01, to: 2020-01-01, value: 60 }]")
            },
        };

    public static TheoryData<string, string> BadSections() =>
        new()
        {
            { "clause.duplicate", $"caps: [{Cap("limit: { credits: 1 }")}, {Cap("limit: { credits: 2 }")}]" },
            { "number.range", $"caps: [{Cap("limit: { share: 150% }")}]" },
            { "number.range", $"caps: [{Cap("limit: { credits: -3 }")}]" },
            { "number.decimals", $"caps: [{Cap("limit: { credits: 1.23456 }")}]" },
            { "number.decimals", $"certificates: [{Cap("code: x, credits: 1.25")}]" },
            { "number.syntax", $"caps: [{Cap("limit: { credits: 1e3 }")}]" },
            { "cap.limit", $"caps: [{Cap("limit: { credits: 3, items: 2 }")}]" },
            { "calendar.missing", $"caps: [{Cap("per: term, limit: { credits: 3 }")}]" },
            { "cite.missing", "caps: [{ id: a, limit: { credits: 3 }, title: { zh: 题, en: title } }]" },
            {
                "cite.unknown",
                "caps: [{ id: a, limit: { credits: 3 }, title: { zh: 题, en: title }, cites: nowhere }]"
            },
            { "field.unknown", $"caps: [{Cap("limt: { credits: 3 }")}]" },
            { "field.missing", $"caps: [{Cap("order: 1")}]" },
            { "field.missing", "caps: [{ id: a, limit: { credits: 3 }, title: { zh: 题 }, cites: ASSUMPTION }]" },
            { "field.id", $"caps: [{{ id: 'a b', limit: {{ credits: 3 }}, {Title} }}]" },
            {
                "period.overlap",
                $"certificates: [{Cap("code: x, credits: 1")}, {{ id: b, code: x, credits: 2, {Title} }}]"
            },
            { "activity.duplicate", $"activities: [{Cap("perCredit: 1")}, {Cap("perCredit: 2")}]" },
            { "crosswalk.contradiction", Crosswalk("{ level: '1', is: ['1'] }, { level: '1', is: ['2'] }") },
            { "crosswalk.ambiguous", Crosswalk("{ level: '1', is: ['1', '2'] }") },
            { "level.unknown", Crosswalk("{ level: '1', is: ['7'] }") },
            { "equivalence.source", Equivalence("from: { institution: u }, to: { courses: T }") },
            { "equivalence.target", Equivalence("from: { course: A }, to: { courses: T, choose: U }") },
            { "number.range", Equivalence("from: { course: A }, to: { courses: T }, similarity: 1.2") },
            { "distribution.sum", "distributions: [{ id: a, cites: ASSUMPTION, shares: [{ grade: A, share: 50% }] }]" },
        };

    private static string Clauses(params string[] bodies) =>
        "clauses:\n" + string.Concat(bodies.Select((body, i) => $"  - {{ id: {"abc"[i]}, {body}, {Title} }}\n"));

    private static string Cap(string body) => $"{{ id: a, {body}, {Title} }}";

    private static string Equivalence(string body) => $"equivalences: [{{ id: a, {body}, cites: ASSUMPTION }}]";

    private static string Crosswalk(string rows) =>
        $"crosswalks: [{{ id: a, from: x, to: small, cites: ASSUMPTION, rows: [{rows}] }}]";

    [Theory]
    [MemberData(nameof(BadClauses))]
    [MemberData(nameof(BadSections))]
    public void A_bad_rule_is_refused_where_it_stands(string code, string sections)
    {
        var result = SmallRuleSet.With(sections);

        Assert.Null(result.RuleSet);
        var problem = result.Problems.First(problem => problem.Code == code);
        Assert.True(problem.Line >= SmallRuleSet.NextLine && problem.Column > 0, problem.ToString());
    }

    [Fact]
    public void Disjoint_clauses_for_one_question_are_fine()
    {
        var result = SmallRuleSet.With(
            $$"""
            clauses:
              - { id: a, decides: scoreMinimum, when: { outcome.kind: training }, value: 60, {{Title}} }
              - { id: b, decides: scoreMinimum, when: { outcome.kind: [onlineCourse, academicCourse],
                  outcome.level: { atMost: "1" } }, value: 70, {{Title}} }
              - { id: c, decides: scoreMinimum, when: { outcome.kind: onlineCourse,
                  outcome.level: { above: "1" } }, value: 80, {{Title}} }
            """
        );

        Assert.Empty(result.Problems);
    }

    [Fact]
    public void All_problems_are_reported_at_once_in_the_order_of_the_text()
    {
        var result = SmallRuleSet.With(
            $$"""
            caps:
              - { id: a, limit: { share: 150% }, {{Title}} }
              - { id: a, limit: { credits: -1 }, title: { zh: 题 }, cites: nowhere }
              - limit: { items: many }
            """
        );

        Assert.Equal(
            ["number.range", "clause.duplicate", "number.range", "field.missing", "cite.unknown"],
            result.Problems.Take(5).Select(problem => problem.Code)
        );
        Assert.True(result.Problems.Count > 8);
        Assert.Equal(result.Problems.OrderBy(problem => (problem.Line, problem.Column)), result.Problems);
    }

    [Fact]
    public void A_bad_row_of_a_table_is_found_by_its_line_and_column()
    {
        var table = """
            id,sourceInstitution,sourceCourse,targetCourse,similarity,cites
            r1,u,A,T,0.9,ASSUMPTION
            r2,u,B,T,1.9,ASSUMPTION
            r3,u,,T,0.9,ASSUMPTION
            r4,u,D,T,0.9,
            r5,u,E
            r6,u,"F,T,0.9,ASSUMPTION
            """;
        var files = new Dictionary<string, string> { ["rule-set.yaml"] = SmallRuleSet.Yaml, ["tables/t.csv"] = table };

        var problems = RuleSetFolder.Parse(files).Problems;

        Assert.Contains(problems, problem => problem is { Code: "table.quote", Line: 7, Column: 6 });
        files["tables/t.csv"] = table[..table.IndexOf("r6", StringComparison.Ordinal)];
        problems = RuleSetFolder.Parse(files).Problems;
        Assert.Equal(
            ["3,10 number.range", "4,6 equivalence.source", "5,14 cite.missing", "6,1 table.row"],
            problems.Select(problem => $"{problem.Line},{problem.Column} {problem.Code}")
        );
        Assert.All(problems, problem => Assert.Equal("tables/t.csv", problem.File));
    }

    [Fact]
    public void A_rule_set_that_fails_its_own_case_may_not_be_published()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rule-set.yaml", SmallRuleSet.Yaml);
        folder.Write(
            "cases/wrong.yaml",
            "case: x\ntitle: wrong\nrecognise: { id: o, credits: 3 }\nexpect: { standard: 4 }\n"
        );

        var check = CaseRunner.Check(folder.Path);

        Assert.False(check.Passed);
        var mismatch = Assert.Single(Assert.Single(check.Cases).Mismatches);
        Assert.Equal(("cases/wrong.yaml", 4, 21), (mismatch.File, mismatch.Line, mismatch.Column));
        Assert.Contains("'standard' is 3, expected 4", mismatch.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_that_asks_for_what_is_not_there_fails()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rule-set.yaml", SmallRuleSet.Yaml);
        folder.Write("cases/a.yaml", "case: a\ntitle: a\nrecognise: { id: o, credits: 3 }\nexpect: { standrd: 3 }\n");
        folder.Write("cases/b.yaml", "case: b\ntitle: b\nguess: { id: o }\nexpect: { standard: 3 }\n");
        folder.Write("cases/c.yaml", "case: c\ntitle: c\nrecognise: { id: o, credits: 3 }\n");

        Assert.All(CaseRunner.Check(folder.Path).Cases, result => Assert.False(result.Passed));
    }
}
