namespace CreditBank.Verifier;

/// <summary>Collects findings; counts all and keeps the first of each code and log.</summary>
internal sealed class Findings
{
    /// <summary>How many findings of one code in one log are kept with their words.</summary>
    public const int KeptMax = 20;

    /// <summary>What a tree or a signature says comes before what follows from it.</summary>
    private static readonly HashSet<string> Primary =
    [
        FindingCodes.ExportIncomplete,
        FindingCodes.Signature,
        FindingCodes.Root,
        FindingCodes.RolledBack,
        FindingCodes.Forked,
        FindingCodes.LeafChanged,
        FindingCodes.LeafMissing,
        FindingCodes.LeafExtra,
        FindingCodes.TileChanged,
        FindingCodes.TileMissing,
        FindingCodes.Unlogged,
        FindingCodes.RuleSet,
    ];

    private readonly List<Finding> kept = [];
    private readonly Dictionary<(string Code, string? Log), long> counts = [];
    private readonly List<string?> logs = [];

    /// <summary>Those that are kept: log by log, in each what is wrong before what follows from it, by place.</summary>
    public IReadOnlyList<Finding> Kept =>
        [
            .. kept.OrderBy(finding => logs.IndexOf(finding.Log))
                .ThenBy(finding => !Primary.Contains(finding.Code))
                .ThenBy(finding => finding.Index ?? -1),
        ];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>How often a code was found.</summary>
    public long CountOf(string code) => counts.Where(pair => pair.Key.Code == code).Sum(pair => pair.Value);

    /// <summary>Adds a finding.</summary>
    public void Add(string code, string? log, long? index, Guid? eventId, string text)
    {
        Count++;
        if (!logs.Contains(log))
        {
            logs.Add(log);
        }

        var count = counts.GetValueOrDefault((code, log)) + 1;
        counts[(code, log)] = count;
        if (count <= KeptMax)
        {
            kept.Add(new Finding(code, log, index, eventId, text));
        }
    }
}
