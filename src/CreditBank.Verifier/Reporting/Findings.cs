namespace CreditBank.Verifier;

/// <summary>Collects findings in the order in which they are found; counts all, keeps the first of each log.</summary>
internal sealed class Findings
{
    /// <summary>How many findings are kept with their words.</summary>
    public const int KeptMax = 200;

    private readonly List<Finding> kept = [];

    /// <summary>Those that are kept.</summary>
    public IReadOnlyList<Finding> Kept => kept;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The codes that were found, each with how often.</summary>
    public SortedDictionary<string, long> CountByCode { get; } = new(StringComparer.Ordinal);

    public void Add(string code, string? log, long? index, Guid? eventId, string text) =>
        Add(new Finding(code, log, index, eventId, text));

    public void Add(Finding finding)
    {
        Count++;
        CountByCode[finding.Code] = CountByCode.GetValueOrDefault(finding.Code) + 1;
        if (kept.Count < KeptMax)
        {
            kept.Add(finding);
        }
    }
}
