using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>
/// Which files decide or fold: all of Kernel, Rules and Ledger, and in the service every decider, projection and state
/// with <c>Apply</c> or <c>Evolve</c>. They must give the same answer whenever they run.
/// </summary>
internal static partial class DecisionFiles
{
    private static readonly string[] PureRooms =
    [
        "src/CreditBank.Kernel/",
        "src/CreditBank.Rules/",
        "src/CreditBank.Ledger/",
    ];

    public static bool Includes(RepositoryFile file) =>
        PureRooms.Any(file.IsIn) || (file.IsIn("src/") && (ByName().IsMatch(file.Path) || ByCode(file.Source.Code)));

    private static bool ByCode(string code) => DeclaresProjection().IsMatch(code) || Folds().IsMatch(code);

    [GeneratedRegex(@"(Decider|Projection)\.cs$")]
    private static partial Regex ByName();

    [GeneratedRegex(@"\b(class|record)\s+\w*Decider\b|:\s*(\w+Projection\s*<|EventProjection\b|FlatTableProjection\b)")]
    private static partial Regex DeclaresProjection();

    [GeneratedRegex(@"\bpublic\s[\w\s<>?,.]*\b(Apply|Evolve|DetermineAction)\s*\(")]
    private static partial Regex Folds();
}
