namespace CreditBank.Tidy;

/// <summary>One reasoned exception: a rule that does not hold in a file, or in all files of a folder.</summary>
/// <param name="Rule">The rule's short name, as findings print it in brackets.</param>
/// <param name="Path">A file, or a folder with a slash at its end.</param>
/// <param name="Reason">Why the rule does not fit there. Without a reason there is no exception.</param>
internal sealed record Exemption(string Rule, string Path, string Reason)
{
    public bool Covers(Finding finding) =>
        finding.Rule == Rule
        && (finding.Path == Path || (Path.EndsWith('/') && finding.Path.StartsWith(Path, StringComparison.Ordinal)));
}

/// <summary>Every exception there is. A test fails for one that nothing needs any more.</summary>
internal static class Exemptions
{
    public static readonly IReadOnlyList<Exemption> All =
    [
        new(
            "wall-clock",
            "src/CreditBank.Verifier/CommandLine.cs",
            "The verifier is put together here: a witness and a copy get the clock from it, no check asks one."
        ),
        new(
            "history",
            "tests/CreditBank.Api.Tests/Audit/HistoryGuardTests.cs",
            "Tries every call that rewrites history, to see it refused."
        ),
    ];
}
