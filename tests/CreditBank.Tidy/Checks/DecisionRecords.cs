using System.Globalization;
using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>Decisions are numbered from one without gaps, and each says its status and its date.</summary>
internal static partial class DecisionRecords
{
    private const string Rule = "decision-record";
    private const string Folder = "specs/decisions/";

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files)
    {
        var records = files
            .Where(file => file.Folder == Folder && file.Name.EndsWith(".md") && file.Name != "README.md")
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .ToList();
        return records.SelectMany((record, index) => OfRecord(record, index + 1));
    }

    private static IEnumerable<Finding> OfRecord(RepositoryFile record, int expected)
    {
        var number = expected.ToString("D4", CultureInfo.InvariantCulture);
        if (!record.Name.StartsWith(number + "-", StringComparison.Ordinal))
        {
            yield return new(Rule, record.Path, 0, $"the next number is {number}: name it {number}-short-title.md");
        }

        if (!Status().IsMatch(record.Text))
        {
            yield return new(Rule, record.Path, 0, "needs a line 'Status: proposed | accepted | superseded by NNNN'");
        }

        if (!Date().IsMatch(record.Text))
        {
            yield return new(Rule, record.Path, 0, "needs a line 'Date: YYYY-MM-DD'");
        }
    }

    [GeneratedRegex(@"^[-* ]*Status[*]*:[* ]*(proposed|accepted|superseded by \[?\d{4})", RegexOptions.Multiline)]
    private static partial Regex Status();

    [GeneratedRegex(@"^[-* ]*Date[*]*:[* ]*\d{4}-\d{2}-\d{2}", RegexOptions.Multiline)]
    private static partial Regex Date();
}
