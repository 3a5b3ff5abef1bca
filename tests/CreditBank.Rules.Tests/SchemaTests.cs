using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CreditBank.Rules.Tests;

/// <summary>The JSON Schemas that editors use say the same as the reader.</summary>
public sealed class SchemaTests
{
    private static readonly JsonElement RuleSetSchema = Load("rule-set.schema.json");
    private static readonly JsonElement CaseSchema = Load("case.schema.json");

    [Fact]
    public void Every_shipped_document_and_case_fits_its_schema()
    {
        var wrong = new List<string>();
        foreach (var folder in RuleSetFolder.Find(Specs.Root))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.yaml"))
                wrong.AddRange(SchemaCheck.Check(RuleSetSchema, ReadYaml(File.ReadAllText(file)), file));
            foreach (var file in CaseRunner.CaseFiles(folder))
                wrong.AddRange(SchemaCheck.Check(CaseSchema, ReadYaml(File.ReadAllText(file)), file));
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("caps: [{ id: a, limt: { credits: 3 } }]")]
    [InlineData("clauses: [{ id: a, decides: scoreMinimun, value: 60, title: { zh: a, en: b }, cites: x }]")]
    [InlineData(
        "clauses: [{ id: a, decides: recency, when: { outcome.knd: x }, value: 60, title: { zh: a, en: b }, cites: x }]"
    )]
    [InlineData("caps: [{ id: a, limit: { credits: many }, title: { zh: a, en: b }, cites: x }]")]
    [InlineData("binding: sometimes")]
    [InlineData("unheard: of")]
    public void What_the_reader_refuses_by_its_form_the_schema_refuses_too(string yaml)
    {
        Assert.NotEmpty(SmallRuleSet.With(yaml).Problems);
        Assert.NotEmpty(SchemaCheck.Check(RuleSetSchema, ReadYaml(yaml), "yaml"));
    }

    [Fact]
    public void The_schema_knows_every_question_fact_and_section_of_the_reader()
    {
        var clauses = RuleSetSchema.GetProperty("properties").GetProperty("clauses").GetProperty("items");
        var questions = clauses.GetProperty("properties").GetProperty("decides").GetProperty("enum");
        var facts = RuleSetSchema.GetProperty("$defs").GetProperty("condition").GetProperty("properties");

        const string Clause =
            "clauses: [{{ id: a, decides: {0}, when: {{ {1}: x }}, title: {{ zh: a, en: b }}, cites: ASSUMPTION }}]";
        AssertKnown(
            "question.unknown",
            Format(Clause, "nothing", "outcome.kind"),
            questions.EnumerateArray().Select(e => e.GetString()!)
        );
        AssertKnown("fact.unknown", Format(Clause, "recency", "nothing"), facts.EnumerateObject().Select(e => e.Name));
        AssertKnown(
            "field.unknown",
            "nothing: x",
            RuleSetSchema.GetProperty("properties").EnumerateObject().Select(e => e.Name).Append("tables")
        );
    }

    private static string Format(string text, string first, string second) =>
        text.Replace("{{", "{", StringComparison.Ordinal)
            .Replace("}}", "}", StringComparison.Ordinal)
            .Replace("{0}", first, StringComparison.Ordinal)
            .Replace("{1}", second, StringComparison.Ordinal);

    private static void AssertKnown(string code, string yaml, IEnumerable<string> inSchema)
    {
        var problem = SmallRuleSet.With(yaml).Problems.First(problem => problem.Code == code);
        var said = problem.Text[(problem.Text.IndexOf("known are ", StringComparison.Ordinal) + 10)..].TrimEnd('.');
        Assert.Equal(said.Split(", ").Order(StringComparer.Ordinal), inSchema.Order(StringComparer.Ordinal));
    }

    private static JsonElement Load(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Specs.Root, "schema", name))).RootElement;

    private static object ReadYaml(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        return ReadNode(parser);
    }

    private static object ReadNode(Parser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
            return scalar.Value;
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new List<object>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                list.Add(ReadNode(parser));
            return list;
        }

        parser.Consume<MappingStart>();
        var map = new Dictionary<string, object>();
        while (!parser.TryConsume<MappingEnd>(out _))
            map[parser.Consume<Scalar>().Value] = ReadNode(parser);
        return map;
    }
}
