using System.Globalization;
using System.Text;

namespace CreditBank.Benchmarks;

/// <summary>
/// What a benchmark found: a ratio against a baseline of the same run, and whether it is good enough.
/// </summary>
/// <param name="Name">The benchmark.</param>
/// <param name="Ours">What the service did, with its unit.</param>
/// <param name="Baseline">What the baseline did, with its unit.</param>
/// <param name="Ratio">Ours against the baseline.</param>
/// <param name="Target">The bound of the ratio, in words.</param>
/// <param name="Passed">Whether every target is met.</param>
/// <param name="Remarks">What else was measured.</param>
internal sealed record Measurement(
    string Name,
    string Ours,
    string Baseline,
    decimal Ratio,
    string Target,
    bool Passed,
    string Remarks
)
{
    /// <summary>The measurements as a Markdown table.</summary>
    public static string Table(IEnumerable<Measurement> measurements)
    {
        var text = new StringBuilder("| what | ours | baseline | ratio | target | result | remarks |\n");
        text.Append("|---|---|---|---|---|---|---|\n");
        foreach (var row in measurements)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Ours} | {row.Baseline} | {row.Ratio:0.00} | {row.Target} | "
            );
            text.Append(CultureInfo.InvariantCulture, $"{(row.Passed ? "pass" : "FAIL")} | {row.Remarks} |\n");
        }

        return text.ToString();
    }
}
