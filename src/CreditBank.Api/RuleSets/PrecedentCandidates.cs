using System.Security.Cryptography;
using System.Text;
using CreditBank.Api.Transfers;
using CreditBank.Rules;

namespace CreditBank.Api.RuleSets;

/// <summary>A pattern that people keep deciding: the same sources into the same courses.</summary>
/// <param name="Id">The same for the same pattern, whatever decisions there are.</param>
/// <param name="Sources">What the outcomes are, in ordinal order.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="CourseCodes">The courses they became, in ordinal order.</param>
/// <param name="Granted">How often it was granted and approved.</param>
/// <param name="Refused">How often the same sources were refused there.</param>
/// <param name="Latest">The latest decision that granted it; what a rule would cite.</param>
public sealed record PrecedentCandidate(
    string Id,
    IReadOnlyList<PrecedentSource> Sources,
    string InstitutionId,
    IReadOnlyList<string> CourseCodes,
    int Granted,
    int Refused,
    Precedent Latest
);

/// <summary>What an outcome is to a rule; no person in it.</summary>
/// <param name="InstitutionId">The issuer; none for a certificate.</param>
/// <param name="CourseCode">The issuer's code; none for a certificate.</param>
/// <param name="CertificateCode">The certificate's code; none for a course.</param>
/// <param name="CertificateLevel">The level printed on it; none where there is none.</param>
public sealed record PrecedentSource(
    string? InstitutionId,
    string? CourseCode,
    string? CertificateCode,
    string? CertificateLevel
)
{
    /// <summary>The source of an outcome.</summary>
    public static PrecedentSource Of(OutcomeFacts outcome) =>
        outcome.Certificate is { } certificate
            ? new PrecedentSource(null, null, certificate.Code, certificate.Level)
            : new PrecedentSource(outcome.InstitutionId, outcome.CourseCode ?? string.Empty, null, null);

    /// <summary>Orders and compares.</summary>
    public string Key => string.Join('\n', InstitutionId, CourseCode, CertificateCode, CertificateLevel);
}

/// <summary>
/// Finds what evaluators decided on maybe lines under a version and a rule could decide from now on (RK-49). Decisions are
/// added in any order; the result is the same. Pure.
/// </summary>
/// <param name="version">The version that left the lines to a person.</param>
public sealed class PrecedentCandidates(string version)
{
    private readonly Dictionary<string, Pattern> granted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> refused = new(StringComparer.Ordinal);

    /// <summary>Adds what was decided in a transfer.</summary>
    /// <param name="transfer">The transfer, in any state.</param>
    /// <param name="first">What its first evaluation was asked.</param>
    public void Add(Transfer transfer, EvaluationRequest first)
    {
        var facts = first.Outcomes.ToDictionary(outcome => outcome.OutcomeId);
        foreach (var decision in transfer.Decisions)
        {
            var line = transfer.Lines().FirstOrDefault(line => line.Line == decision.Line);
            if (line is null || line.RuleSetVersion != version || !line.OutcomeIds.All(facts.ContainsKey))
            {
                continue;
            }

            var outcomes = line.OutcomeIds.Select(id => facts[id]).ToList();
            var sources = outcomes
                .Select(PrecedentSource.Of)
                .OrderBy(source => source.Key, StringComparer.Ordinal)
                .ToList();
            var from = transfer.InstitutionId + "\f" + string.Join('\f', sources.Select(source => source.Key));
            if (decision.Decision == LineDecider.Refuse)
            {
                refused[from] = refused.GetValueOrDefault(from) + 1;
            }
            else if (transfer.ApprovedLines.Contains(line.Line))
            {
                var latest = new Precedent(
                    $"{transfer.Id}-{line.Line}",
                    outcomes,
                    transfer.InstitutionId,
                    [.. decision.CourseCodes.Order(StringComparer.Ordinal)],
                    decision.Similarity,
                    transfer.DecidedOn!.Value
                );
                Count(from, sources, latest);
            }
        }
    }

    /// <summary>The candidates: the most often granted first, then by id.</summary>
    public IReadOnlyList<PrecedentCandidate> Found() =>
        [
            .. granted
                .Select(pair => new PrecedentCandidate(
                    IdOf(pair.Key),
                    pair.Value.Sources,
                    pair.Value.Latest.InstitutionId,
                    pair.Value.Latest.CourseCodes,
                    pair.Value.Granted,
                    refused.GetValueOrDefault(pair.Value.From),
                    pair.Value.Latest
                ))
                .OrderByDescending(candidate => candidate.Granted)
                .ThenBy(candidate => candidate.Id, StringComparer.Ordinal),
        ];

    private void Count(string from, IReadOnlyList<PrecedentSource> sources, Precedent latest)
    {
        var key = from + "\v" + string.Join('\v', latest.CourseCodes);
        if (!granted.TryGetValue(key, out var pattern))
        {
            granted[key] = new Pattern(from, sources, 1, latest);
            return;
        }

        var newer =
            (latest.DecidedOn, latest.TransferId).CompareTo((pattern.Latest.DecidedOn, pattern.Latest.TransferId)) > 0;
        granted[key] = pattern with { Granted = pattern.Granted + 1, Latest = newer ? latest : pattern.Latest };
    }

    private static string IdOf(string key) =>
        "cand-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 10));

    private sealed record Pattern(string From, IReadOnlyList<PrecedentSource> Sources, int Granted, Precedent Latest);
}
