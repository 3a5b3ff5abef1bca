using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CreditBank.Snapshots;

/// <summary>
/// How one comparison is done. Values that change from run to run are replaced by counters in the order in which they
/// are first seen (<c>Guid_1</c>, <c>Instant_1</c>, <c>LedgerId_1</c>), so that two equal values stay visibly equal.
/// </summary>
public sealed partial class VerifySettings
{
    private readonly List<Action<StringBuilder>> scrubbers = [];
    private readonly List<CountedScrubber> counted = [];
    private readonly HashSet<string> scrubbedMembers = [];
    private bool scrubGuids = true;
    private bool scrubInstants = true;
    private bool scrubLedgerIds = true;

    internal string? Folder { get; private set; }

    internal string? FileName { get; private set; }

    internal string? ParametersText { get; private set; }

    internal JsonSerializerOptions? JsonOptions { get; private set; }

    internal IReadOnlySet<string> ScrubbedMembers => scrubbedMembers;

    /// <summary>Looks for the file in this folder; a relative one starts at the test's own folder.</summary>
    public void UseDirectory(string folder) => Folder = folder;

    /// <summary>Uses this name instead of test class and test name, before <c>.verified.</c>.</summary>
    public void UseFileName(string fileName) => FileName = fileName;

    /// <summary>Adds <c>_name=value</c> to the file's name; the name is the argument as written in the call.</summary>
    public void UseParameters(object? first, [CallerArgumentExpression(nameof(first))] string firstName = "") =>
        ParametersText = Parameter(firstName, first);

    /// <summary>Adds <c>_name=value</c> twice to the file's name.</summary>
    [OverloadResolutionPriority(1)] // Or a second value that is a string would be taken for the first one's name.
    public void UseParameters(
        object? first,
        object? second,
        [CallerArgumentExpression(nameof(first))] string firstName = "",
        [CallerArgumentExpression(nameof(second))] string secondName = ""
    ) => ParametersText = $"{Parameter(firstName, first)}_{Parameter(secondName, second)}";

    /// <summary>Adds an underscore and this text to the file's name, for instance <c>level=3_kind=course</c>.</summary>
    public void UseTextForParameters(string text) => ParametersText = text;

    /// <summary>Serialises objects in this way instead of the usual one, for instance as the service does.</summary>
    public void UseJsonOptions(JsonSerializerOptions options) => JsonOptions = options;

    /// <summary>Leaves guids as they are.</summary>
    public void DontScrubGuids() => scrubGuids = false;

    /// <summary>Leaves instants as they are: right where the test sets the clock. Dates are never replaced.</summary>
    public void DontScrubInstants() => scrubInstants = false;

    /// <summary>Leaves ids of accounts, outcomes, claims and transfers as they are.</summary>
    public void DontScrubLedgerIds() => scrubLedgerIds = false;

    /// <summary>Replaces the value of every JSON member of this name, at any depth, by <c>{Scrubbed}</c>.</summary>
    public void ScrubMember(string name) => scrubbedMembers.Add(name);

    /// <summary>Changes the text before it is compared. Runs before the counters.</summary>
    public void AddScrubber(Action<StringBuilder> scrubber) => scrubbers.Add(scrubber);

    /// <summary>Replaces what a regular expression matches by <c>name_1</c>, <c>name_2</c> ... as first seen.</summary>
    public void ScrubCounted(string name, string pattern) => counted.Add(new(name, new Regex(pattern)));

    internal string Scrub(string text)
    {
        var builder = new StringBuilder(text.ReplaceLineEndings("\n"));
        foreach (var scrubber in scrubbers)
        {
            scrubber(builder);
        }

        return AllCounted().Aggregate(builder.ToString(), (current, scrubber) => scrubber.Apply(current));
    }

    private IEnumerable<CountedScrubber> AllCounted()
    {
        foreach (var scrubber in counted)
        {
            yield return scrubber;
        }

        if (scrubLedgerIds)
        {
            yield return new("LedgerId", LedgerIds());
        }

        if (scrubGuids)
        {
            yield return new("Guid", Guids());
        }

        if (scrubInstants)
        {
            yield return new("Instant", Instants());
        }
    }

    private static string Parameter(string name, object? value) =>
        FormattableString.Invariant($"{name}={value ?? "null"}");

    // The shape is that of LedgerId in CreditBank.Kernel; a test compares the two.
    [GeneratedRegex("(?<![0-9A-Za-z-])(acc|out|clm|trf|agr|awd)-[0-9a-f]{2}-[0-9a-hjkmnp-tv-z]{20}(?![0-9A-Za-z-])")]
    private static partial Regex LedgerIds();

    [GeneratedRegex("(?<![0-9A-Za-z-])[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z-])")]
    private static partial Regex Guids();

    [GeneratedRegex(@"(?<![0-9A-Za-z-])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)(?![0-9A-Za-z])")]
    private static partial Regex Instants();
}
