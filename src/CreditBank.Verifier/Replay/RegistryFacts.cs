using CreditBank.Ledger;
using CreditBank.Ledger.Audit;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Verifier;

/// <summary>
/// What the registry book says that decisions rest on: programmes, who may issue what, and the rule sets that were
/// published, each checked against the hash in its event, and retired.
/// </summary>
internal sealed class RegistryFacts(ExportFolder folder, Findings findings)
{
    private readonly Dictionary<(string, string, int), ProgrammePublished> programmes = [];
    private readonly Dictionary<string, Accreditation> issuers = [];
    private readonly Dictionary<string, List<(long At, AccreditationChanged Change)>> changes = [];
    private readonly List<(long PublishedAt, RuleSet Rules)> published = [];
    private readonly List<(long RetiredAt, string Version, LocalDate ToOn)> retired = [];
    private readonly Dictionary<(int Published, int Retired), RuleSetCatalog> catalogs = [];

    /// <summary>The rule sets that were found whole.</summary>
    public int RuleSetsTotal => published.Count;

    /// <summary>Takes an event of the registry book.</summary>
    public void Add(in ReadEvent read, string log, long index)
    {
        switch (read.Data)
        {
            case ProgrammePublished programme:
                programmes[(programme.InstitutionId, programme.ProgrammeId, programme.Version)] = programme;
                break;
            case InstitutionRegistered institution:
                issuers[institution.InstitutionId] = institution.Accreditation;
                break;
            case AccreditationChanged change:
                if (!changes.TryGetValue(change.InstitutionId, out var known))
                {
                    changes.Add(change.InstitutionId, known = []);
                }

                known.Add((read.Leaf.Envelope.RecordedAtMicroseconds, change));
                break;
            case RuleSetPublished rules:
                Publish(rules, read.Leaf.Envelope, log, index);
                break;
            case RuleSetRetired end:
                retired.Add((read.Leaf.Envelope.RecordedAtMicroseconds, end.Version, end.ToOn));
                catalogs.Clear();
                break;
        }
    }

    /// <summary>The version of a programme; none when it was never published.</summary>
    public ProgrammePublished? Programme(string institutionId, string programmeId, int version) =>
        programmes.GetValueOrDefault((institutionId, programmeId, version));

    /// <summary>
    /// What an institution may issue, as it was known at an instant, inclusive; none when it is not registered.
    /// </summary>
    public AccreditationHistory? AccreditationOf(string institutionId, long atMicroseconds) =>
        issuers.TryGetValue(institutionId, out var first)
            ? new AccreditationHistory(
                first,
                [
                    .. changes
                        .GetValueOrDefault(institutionId, [])
                        .Where(change => change.At <= atMicroseconds)
                        .Select(change => change.Change),
                ]
            )
            : null;

    /// <summary>The rule sets that were published by an instant, inclusive, with what was retired by then.</summary>
    /// <param name="atMicroseconds">Since 1970-01-01T00:00:00Z.</param>
    public RuleSetCatalog CatalogAt(long atMicroseconds)
    {
        var known = (
            published.Count(one => one.PublishedAt <= atMicroseconds),
            retired.Count(one => one.RetiredAt <= atMicroseconds)
        );
        if (!catalogs.TryGetValue(known, out var catalog))
        {
            catalog = new RuleSetCatalog(
                published.Where(one => one.PublishedAt <= atMicroseconds).Select(one => one.Rules),
                retired
                    .Where(one => one.RetiredAt <= atMicroseconds)
                    .GroupBy(one => one.Version)
                    .ToDictionary(version => version.Key, version => version.Last().ToOn)
            );
            catalogs.Add(known, catalog);
        }

        return catalog;
    }

    private void Publish(RuleSetPublished rules, EventEnvelope envelope, string log, long index)
    {
        var text = folder.Document(rules.Hash, out var isRight);
        var result = isRight ? RuleSet.FromCanonicalJson(System.Text.Encoding.UTF8.GetString(text!)) : null;
        if (result?.RuleSet is not { } read || read.Version != rules.Version || read.Hash != rules.Hash)
        {
            findings.Add(
                FindingCodes.RuleSet,
                log,
                index,
                envelope.EventId,
                text is null
                    ? $"The text of rule set {rules.Version} ({rules.Hash}) is not in the export."
                    : $"The text of rule set {rules.Version} is not what was published: its hash is not {rules.Hash}."
            );
            return;
        }

        published.Add((envelope.RecordedAtMicroseconds, read));
        catalogs.Clear();
    }
}
