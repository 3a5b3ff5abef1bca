using CreditBank.Api.Outcomes;
using CreditBank.Api.RuleSets;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Claims;

/// <summary>What the rule set in force makes of a certificate.</summary>
public sealed class ClaimWorth(RuleSetLibrary library, ShippedRuleSets shipped, Recording recording)
{
    /// <summary>The level the certificate has in the framework; none where the rule set has none for it.</summary>
    public string? LevelOf(string kind, string title, CertificateRecord certificate, LocalDate on)
    {
        var record = ClaimDecider.RecordOf(certificate.IssuerId, "preview", kind, title, certificate, UnitOn(on));
        return Recogniser.Recognise(RuleFacts.Of("preview", record), library.InForce(shipped.Family, on)).Level;
    }

    /// <summary>The events that a verified claim puts into the account.</summary>
    public Decision<IReadOnlyList<object>> Record(ClaimSubmitted submitted, string outcomeId, LocalDate on) =>
        recording.First(
            outcomeId,
            ClaimDecider.RecordOf(submitted, UnitOn(on)),
            new OutcomeSource("claim", submitted.ClaimId),
            on
        );

    private string UnitOn(LocalDate on) => library.InForce(shipped.Family, on).StandardUnit;
}
