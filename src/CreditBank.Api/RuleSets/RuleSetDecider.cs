using CreditBank.Api.Access;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.RuleSets;

/// <summary>Decides on the life of a version. Pure.</summary>
public static class RuleSetDecider
{
    /// <summary>The modes of an erratum, as the contract writes them.</summary>
    public static readonly IReadOnlyList<string> Modes = ["prospective", "reopenIfBeneficial", "voidAbInitio"];

    /// <summary>The mode of a word of <see cref="Modes"/>.</summary>
    public static ErratumMode ModeOf(string word) =>
        word switch
        {
            "reopenIfBeneficial" => ErratumMode.ReopenIfBeneficial,
            "voidAbInitio" => ErratumMode.VoidAbInitio,
            _ => ErratumMode.Prospective,
        };

    /// <summary>A new draft, or the replacement of one by its drafter.</summary>
    /// <param name="standing">The version as it stands; none when it is new.</param>
    /// <param name="check">The documents and cases.</param>
    /// <param name="filesHash">Names the files.</param>
    /// <param name="actorId">Who drafts.</param>
    public static Decision<RuleSetDrafted> Draft(
        RuleSetRecord? standing,
        FolderCheck check,
        string filesHash,
        string actorId
    )
    {
        if (check.RuleSet is not { } rules)
        {
            return RuleSetRefusals.Documents;
        }

        if (standing is not null && standing.State != RuleSetStates.Draft)
        {
            return RuleSetRefusals.State(standing.State);
        }

        if (standing is not null && standing.DraftedBy != actorId)
        {
            return RuleSetRefusals.OtherDrafter;
        }

        return FailedCases(check) is { } failed
            ? failed
            : new RuleSetDrafted(
                rules.Version,
                rules.Family,
                rules.Hash,
                filesHash,
                rules.EffectiveFromOn,
                rules.EffectiveToOn
            );
    }

    /// <summary>Why this person may not publish it; none when they may.</summary>
    public static Refusal? MayNotPublish(RuleSetRecord standing, string actorId, string? seenHash) =>
        standing.State != RuleSetStates.Draft ? RuleSetRefusals.State(standing.State)
        : standing.DraftedBy == actorId ? AccessRefusals.FourEyes
        : seenHash is not null && seenHash != standing.Hash ? RuleSetRefusals.OtherHash
        : null;

    /// <summary>The publication of a draft by another person, when its cases still pass.</summary>
    /// <param name="standing">The draft.</param>
    /// <param name="check">Its documents and cases, in force from the day that was chosen.</param>
    /// <param name="actorId">Who publishes.</param>
    /// <param name="seenHash">The hash the approver has seen; none when not said.</param>
    public static Decision<RuleSetPublished> Publish(
        RuleSetRecord standing,
        FolderCheck check,
        string actorId,
        string? seenHash
    )
    {
        if (MayNotPublish(standing, actorId, seenHash) is { } refusal)
        {
            return refusal;
        }

        if (check.RuleSet is not { } rules)
        {
            return RuleSetRefusals.Documents;
        }

        return FailedCases(check) is { } failed
            ? failed
            : new RuleSetPublished(rules.Version, rules.Family, rules.Hash, rules.EffectiveFromOn, rules.EffectiveToOn)
            {
                FilesHash = standing.FilesHash,
            };
    }

    /// <summary>The end of a published version.</summary>
    /// <param name="standing">The version.</param>
    /// <param name="catalog">All published versions.</param>
    /// <param name="bankFamily">The family that recognises deposits; something of it stays in force.</param>
    /// <param name="toOn">The day from which it is not in force; today or later.</param>
    /// <param name="reason">Why.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<RuleSetRetired> Retire(
        RuleSetRecord standing,
        RuleSetCatalog catalog,
        string bankFamily,
        LocalDate toOn,
        BilingualText reason,
        LocalDate today
    )
    {
        if (standing.State != RuleSetStates.Published)
        {
            return RuleSetRefusals.State(standing.State);
        }

        var rules = catalog.Find(standing.RuleSetVersion)!;
        if (toOn < today || toOn <= rules.EffectiveFromOn || toOn > rules.EffectiveToOn)
        {
            return RuleSetRefusals.RetiredOn;
        }

        if (rules.Family == bankFamily)
        {
            var ends = catalog
                .All.Where(other => catalog.EndOf(other) is not null)
                .ToDictionary(other => other.Version, other => catalog.EndOf(other)!.Value);
            ends[rules.Version] = toOn;
            if (catalog.Retiring(ends).InForce(bankFamily, toOn) is null)
            {
                return RuleSetRefusals.LastInForce;
            }
        }

        return new RuleSetRetired(rules.Version, toOn, reason);
    }

    /// <summary>An erratum of a published version.</summary>
    /// <param name="standing">The version that was wrong.</param>
    /// <param name="catalog">All published versions.</param>
    /// <param name="erratum">What shall be published.</param>
    public static Decision<ErratumPublished> Correct(
        RuleSetRecord standing,
        RuleSetCatalog catalog,
        ErratumPublished erratum
    )
    {
        if (standing.State == RuleSetStates.Draft)
        {
            return RuleSetRefusals.State(standing.State);
        }

        var wrong = catalog.Find(standing.RuleSetVersion)!;
        if (!wrong.ClauseIds.Contains(erratum.Clause))
        {
            return RuleSetRefusals.Clause(erratum.Clause);
        }

        if (
            erratum.CorrectedBy == wrong.Version
            || catalog.Find(erratum.CorrectedBy) is not { } right
            || right.Family != wrong.Family
        )
        {
            return RuleSetRefusals.CorrectedBy;
        }

        return standing.Errata.Any(other => other.ErratumId == erratum.ErratumId)
            ? RuleSetRefusals.ErratumExists(erratum.ErratumId)
            : erratum;
    }

    private static Refusal? FailedCases(FolderCheck check)
    {
        var failed = check
            .Cases.Where(result => !result.Passed)
            .Select(result => result.Id.Length > 0 ? result.Id : result.File)
            .ToList();
        return failed.Count > 0 ? RuleSetRefusals.Cases(failed) : null;
    }
}
