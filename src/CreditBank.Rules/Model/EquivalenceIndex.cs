namespace CreditBank.Rules;

/// <summary>Finds the equivalences that an outcome could take part in, whatever their number.</summary>
internal sealed class EquivalenceIndex
{
    private static readonly IReadOnlyList<Equivalence> None = [];
    private readonly Dictionary<SourceKey, List<Equivalence>> bySource = [];
    private readonly List<Equivalence> open = [];

    public EquivalenceIndex(IReadOnlyList<Equivalence> all)
    {
        All = [.. all.OrderBy(equivalence => equivalence.Id, StringComparer.Ordinal)];
        foreach (var equivalence in All)
        {
            var patterns = equivalence.Branches.SelectMany(branch => branch).ToList();
            foreach (var pattern in patterns.Where(pattern => pattern.When is null))
                Add(KeyOf(pattern), equivalence);
            if (patterns.Exists(pattern => pattern.When is not null))
                open.Add(equivalence);
        }
    }

    public IReadOnlyList<Equivalence> All { get; }

    public int Count => All.Count;

    /// <summary>Those with a source that is a condition; every outcome is held against them.</summary>
    public IReadOnlyList<Equivalence> Open => open;

    public IReadOnlyList<Equivalence> OfCourse(string institutionId, string course) =>
        bySource.TryGetValue(new SourceKey(institutionId, course), out var found) ? found : None;

    public IReadOnlyList<Equivalence> OfAnyInstitution(string course) =>
        bySource.TryGetValue(new SourceKey(null, course), out var found) ? found : None;

    public IReadOnlyList<Equivalence> OfCertificate(string code) =>
        bySource.TryGetValue(new SourceKey("\0", code), out var found) ? found : None;

    private static SourceKey KeyOf(SourcePattern pattern) =>
        pattern.Certificate is { } code
            ? new SourceKey("\0", code)
            : new SourceKey(pattern.InstitutionId, pattern.Course ?? "");

    private void Add(SourceKey key, Equivalence equivalence)
    {
        if (!bySource.TryGetValue(key, out var list))
            bySource[key] = list = new List<Equivalence>(1);
        if (list.Count == 0 || !ReferenceEquals(list[^1], equivalence))
            list.Add(equivalence);
    }

    /// <summary>A course of an institution (none: of any), or a certificate under the zero character.</summary>
    private readonly record struct SourceKey(string? InstitutionId, string Code);
}
