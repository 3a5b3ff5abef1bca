using System.Text.Json;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;

namespace CreditBank.Verifier;

/// <summary>
/// Writes the balance of every outcome, one JSON object a line, for whoever compares it with other software.
/// </summary>
internal sealed class BalanceFile(string path) : IDisposable
{
    private readonly StreamWriter file = new(path);

    /// <summary>Writes the outcomes of an account.</summary>
    public void Write(string accountId, LearnerAccount account)
    {
        foreach (var outcome in account.Outcomes.Values.OrderBy(outcome => outcome.OutcomeId, StringComparer.Ordinal))
        {
            Worth? held = null;
            foreach (var hold in outcome.Holds.Values)
            {
                held = held is null ? hold : held + hold;
            }

            file.WriteLine(
                JsonSerializer.Serialize(
                    new BalanceLine(accountId, outcome.OutcomeId, outcome.Available, held),
                    LedgerJson.Options
                )
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}

/// <summary>The balance of one outcome.</summary>
internal sealed record BalanceLine(string AccountId, string OutcomeId, Worth Available, Worth? Held);
