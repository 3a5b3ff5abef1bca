using System.Diagnostics;
using System.Globalization;
using System.Text;
using CreditBank.Kernel;
using CreditBank.Rules;
using NodaTime;
using RulesEngine.Models;

namespace CreditBank.Benchmarks.Rules;

/// <summary>
/// Twenty simple conditions over the same facts, every condition answered with its explanation: this engine,
/// Microsoft's RulesEngine, and json-rules-engine where node and npm are at hand.
/// </summary>
internal static class EngineComparison
{
    private const int Conditions = 20;

    public static IEnumerable<BenchmarkRow> Run()
    {
        var own = Own();
        var microsoft = Microsoft();
        var node = JsonRulesEngine();
        var faster = Math.Max(microsoft, node ?? 0);
        var others =
            $"RulesEngine {microsoft:N0}, json-rules-engine "
            + (node is { } rate ? rate.ToString("N0", CultureInfo.InvariantCulture) : "not at hand");
        yield return new(
            "20 conditions with explanations, times the faster of two other engines",
            $"{own / faster:N0} times ({own:N0} a second; {others})",
            "10 times",
            own / faster >= 10
        );
    }

    private static double Own()
    {
        var yaml = new StringBuilder(
            """
            family: twenty
            version: "1"
            title: { zh: 二十, en: twenty }
            effective: { from: 2000-01-01 }
            binding: atApplication
            framework: { id: f, title: { zh: 架, en: f }, cites: ASSUMPTION,
              levels: [{ id: "1", title: { zh: 一, en: one } }] }
            standardUnit: credit
            standardHours: 10
            units: [{ id: credit, title: { zh: 学分, en: credit }, ratio: "1", cites: ASSUMPTION }]
            scales: [{ id: percent, title: { zh: 百分, en: percent }, min: 0, max: 100, cites: ASSUMPTION }]
            clauses:

            """
        );
        for (var i = 0; i < Conditions; i++)
        {
            var when = i % 2 == 0 ? $"outcome.score: {{ atLeast: {40 + i} }}" : $"outcome.subject: s{i}";
            yaml.Append(
                CultureInfo.InvariantCulture,
                $"  - {{ id: c{i}, refuse: x.c{i}, when: {{ {when} }}, title: {{ zh: 题, en: no }}, cites: ASSUMPTION, "
            );
            yaml.Append(CultureInfo.InvariantCulture, $"text: {{ zh: 文, en: condition {i} holds }} }}\n");
        }

        var rules = RuleSetFolder.Parse("twenty.yaml", yaml.ToString()).RuleSet!;
        var outcome = new OutcomeFacts
        {
            OutcomeId = "o1",
            InstitutionId = "u1",
            Kind = OutcomeKinds.AcademicCourse,
            Subject = "s7",
            Credits = new Credits(3),
            Grade = new GradeFacts("percent", "50"),
            CompletedOn = new LocalDate(2022, 7, 1),
        };
        var programme = new ProgrammeFacts
        {
            InstitutionId = "u9",
            ProgrammeId = "p1",
            TotalCredits = new Credits(70),
            RuleSetFamily = "twenty",
        };
        var holding = OutcomeRefusals.Of(outcome, rules, programme).Count(refusal => refusal.Refuses);
        if (holding != 7)
            throw new InvalidOperationException($"Seven conditions hold, not {holding}.");
        return RulesBenchmarks.PerSecond(() => OutcomeRefusals.Of(outcome, rules, programme));
    }

    private static double Microsoft()
    {
        var workflow = new Workflow
        {
            WorkflowName = "twenty",
            Rules =
            [
                .. Enumerable
                    .Range(0, Conditions)
                    .Select(i => new Rule
                    {
                        RuleName = $"c{i}",
                        Expression = i % 2 == 0 ? $"facts.Score >= {40 + i}" : $"facts.Subject == \"s{i}\"",
                        SuccessEvent = $"condition {i} holds",
                        ErrorMessage = "no",
                        RuleExpressionType = RuleExpressionType.LambdaExpression,
                    }),
            ],
        };
        var engine = new global::RulesEngine.RulesEngine([workflow]);
        var facts = new RuleParameter("facts", new EngineFacts(50, "s7"));
        var holding = engine.ExecuteAllRulesAsync("twenty", facts).AsTask().GetAwaiter().GetResult();
        if (holding.Count(result => result.IsSuccess) != 7)
            throw new InvalidOperationException("Seven conditions hold in RulesEngine too.");
        return RulesBenchmarks.PerSecond(() =>
            engine.ExecuteAllRulesAsync("twenty", facts).AsTask().GetAwaiter().GetResult()
        );
    }

    /// <summary>
    /// Runs the script beside this file with node; none when node, npm or the package is not at hand.
    /// </summary>
    private static double? JsonRulesEngine()
    {
        var script = Path.Combine(
            BenchmarkRuleSets.Specs,
            "..",
            "..",
            "tests",
            "CreditBank.Benchmarks",
            "Rules",
            "json-rules-engine"
        );
        var folder = Directory.CreateTempSubdirectory("rules-node-").FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(script))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            if (Start("npm", "install --no-audit --no-fund --silent", folder) is null)
                return null;
            var output = Start("node", "twenty.mjs", folder);
            return double.TryParse(output, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
                ? rate
                : null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Start(string program, string arguments, string folder)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true }
            )!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // The program is not installed; the row then says so.
            return null;
        }
    }
}

/// <summary>The facts that RulesEngine's expressions read.</summary>
/// <param name="Score">On the scale of 100.</param>
/// <param name="Subject">The subject word.</param>
public sealed record EngineFacts(int Score, string Subject);
