using NodaTime;

namespace CreditBank.Rules;

/// <summary>
/// Published versions of any number of families, immutable. A version without an end is in force until the next one of
/// its family begins; where two are in force on a day, the one that began later decides.
/// </summary>
public sealed class RuleSetCatalog
{
    /// <summary>A catalogue without versions.</summary>
    public static readonly RuleSetCatalog Empty = new([]);

    private readonly Dictionary<string, RuleSet> byVersion;
    private readonly Dictionary<string, RuleSet[]> byFamily;
    private readonly IReadOnlyDictionary<string, LocalDate> retirements;

    /// <summary>A catalogue of these versions.</summary>
    /// <param name="ruleSets">The versions.</param>
    /// <param name="retirements">The day from which a version is no longer in force, by version; a version keeps its own
    /// end where that comes first. A retired version stays readable, and decisions that it pinned keep it.</param>
    /// <exception cref="ArgumentException">Two rule sets carry the same version.</exception>
    public RuleSetCatalog(IEnumerable<RuleSet> ruleSets, IReadOnlyDictionary<string, LocalDate>? retirements = null)
    {
        this.retirements = retirements ?? new Dictionary<string, LocalDate>();
        byVersion = new Dictionary<string, RuleSet>(StringComparer.Ordinal);
        foreach (var rules in ruleSets)
        {
            if (!byVersion.TryAdd(rules.Version, rules))
                throw new ArgumentException($"The version {rules.Version} stands twice.", nameof(ruleSets));
        }

        byFamily = byVersion
            .Values.GroupBy(rules => rules.Family)
            .ToDictionary(
                family => family.Key,
                family =>
                    family
                        .OrderByDescending(rules => rules.EffectiveFromOn)
                        .ThenByDescending(rules => rules.Version, StringComparer.Ordinal)
                        .ToArray(),
                StringComparer.Ordinal
            );
    }

    /// <summary>All versions, by family and then by the day they begin.</summary>
    public IReadOnlyList<RuleSet> All =>
        [
            .. byFamily
                .OrderBy(family => family.Key, StringComparer.Ordinal)
                .SelectMany(family => family.Value.Reverse()),
        ];

    /// <summary>The catalogue with one more version.</summary>
    /// <exception cref="ArgumentException">The version is there already.</exception>
    public RuleSetCatalog With(RuleSet rules) => new(byVersion.Values.Append(rules), retirements);

    /// <summary>The same versions with these retirements instead of those before.</summary>
    public RuleSetCatalog Retiring(IReadOnlyDictionary<string, LocalDate> others) => new(byVersion.Values, others);

    /// <summary>
    /// The day from which a version is not in force: its own end or its retirement; none means that only a later
    /// version ends it.
    /// </summary>
    public LocalDate? EndOf(RuleSet rules) =>
        retirements.TryGetValue(rules.Version, out var retired)
            ? rules.EffectiveToOn is { } own && own < retired
                ? own
                : retired
            : rules.EffectiveToOn;

    /// <summary>The version of that name; none when it is not here.</summary>
    public RuleSet? Find(string version) => byVersion.GetValueOrDefault(version);

    /// <summary>The version of a family that is in force on a day; none when none is.</summary>
    public RuleSet? InForce(string family, LocalDate on)
    {
        foreach (var rules in byFamily.GetValueOrDefault(family) ?? [])
        {
            if (on >= rules.EffectiveFromOn && !(EndOf(rules) is { } end && on >= end))
                return rules;
        }

        return null;
    }
}
