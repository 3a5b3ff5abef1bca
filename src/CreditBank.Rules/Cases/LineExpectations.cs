using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>Compares the lines and caps of a proposal with what a case expects of them.</summary>
internal sealed class LineExpectations(Proposal proposal)
{
    public void Check(FieldReader expected)
    {
        foreach (var line in expected.Groups("lines"))
            CheckLine(line);
        foreach (var cap in expected.Groups("caps"))
            CheckCap(cap);
    }

    private void CheckLine(FieldReader expected)
    {
        var outcomes = expected.Words("outcomes");
        var found = proposal.Lines.FirstOrDefault(line => line.OutcomeIds.SequenceEqual(outcomes));
        if (found is null)
        {
            var there = string.Join("; ", proposal.Lines.Select(line => string.Join('+', line.OutcomeIds)));
            expected.Problem("outcomes", "case.mismatch", $"No line has exactly these outcomes; there are {there}.");
            return;
        }

        Compare(expected, "result", found.Result.ToString().ToLowerInvariant());
        Compare(expected, "code", found.Code);
        Compare(expected, "courses", string.Join(", ", found.CourseCodes));
        Compare(expected, "granted", found.GrantedCredits.ToString());
        Compare(expected, "wouldGrant", found.WouldGrantCredits.ToString());
        Compare(expected, "forfeited", found.ForfeitedCredits.ToString());
        Compare(expected, "retained", found.RetainedCredits.ToString());
        Compare(expected, "source", found.SourceCredits.ToString());
        Compare(expected, "unit", found.SourceUnit);
        Compare(expected, "version", found.RuleSetVersion);
        Compare(expected, "debited", found.Debits.Sum(debit => debit.Converted + debit.Forfeited).ToString());
        Compare(expected, "held", found.Holds.Sum(hold => hold.Amount).ToString());
        CompareSome(expected, "clauses", found.Clauses.Select(citation => citation.Clause).ToList());
        CompareText(expected, "says", found.Explanation.En + " " + found.Explanation.Zh);
        CompareText(expected, "next", found.Next is { } next ? next.En + " " + next.Zh : "");
        expected.Done();
    }

    private void CheckCap(FieldReader expected)
    {
        var (clause, scope) = (expected.Required("clause"), expected.Text("scope"));
        var found = proposal.Caps.FirstOrDefault(cap => cap.Clause == clause && (scope is null || cap.Scope == scope));
        if (found is null)
        {
            expected.Problem("clause", "case.mismatch", "Nothing counts towards this cap.");
            return;
        }

        Compare(expected, "limit", found.Limit.ToString());
        Compare(expected, "used", found.Used.ToString());
        Compare(expected, "left", found.Left.ToString());
        expected.Done();
    }

    private static void Compare(FieldReader expected, string name, string found)
    {
        if (expected.Node(name) is not { } node)
            return;
        var wanted = CaseQuestions.Plain(node) ?? "";
        if (wanted != found)
            expected.Problem(name, "case.mismatch", $"'{name}' is {found}, expected {wanted}.");
    }

    private static void CompareSome(FieldReader expected, string name, List<string> found)
    {
        foreach (var wanted in expected.Words(name).Where(wanted => !found.Contains(wanted)))
            expected.Problem(name, "case.mismatch", $"'{wanted}' is not among {string.Join(", ", found)}.");
    }

    private static void CompareText(FieldReader expected, string name, string found)
    {
        foreach (var wanted in expected.Words(name).Where(wanted => !found.Contains(wanted, StringComparison.Ordinal)))
            expected.Problem(name, "case.mismatch", $"'{wanted}' does not stand in: {found}");
    }
}
