using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Kernel.Identifiers;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// Turns records into rows that are ready to be decided: checked, normalised, with the keyed hashes they are found by.
/// One for each sending, used by one thread at a time.
/// </summary>
/// <param name="institutionId">The issuer.</param>
/// <param name="accreditation">What it may issue, day by day; none for rows that are only keyed.</param>
/// <param name="vault">The keys.</param>
/// <param name="today">The day in Shanghai.</param>
internal sealed class RowChecker(
    string institutionId,
    AccreditationHistory? accreditation,
    IdentityVault vault,
    LocalDate today
)
{
    private const int RememberedMax = 20_000;
    private readonly Dictionary<IdentityBody, (PersonIdentity Identity, string Tag)> people = [];
    private readonly Dictionary<string, string?> names = [];

    /// <summary>The row of a record of the right shape.</summary>
    public CheckedRow Check(int line, RecordBody body) =>
        RecordChecks.Of(body, accreditation!, today) is { Count: > 0 } findings
            ? Wrong(line, body.RecordId, RowTexts.Fields(findings))
            : Ready(line, body);

    /// <summary>The row of a record that was checked before.</summary>
    public CheckedRow Ready(int line, RecordBody body)
    {
        var record = body.ToRecord(institutionId);
        var row = new CheckedRow
        {
            Line = line,
            RecordId = body.RecordId,
            Body = body,
            Record = record,
            ClaimId = RecordKeys.ClaimId(vault.Keys, institutionId, body.RecordId),
            Academic = RecordKeys.Academic(record),
            NameTag = NameTagOf(body.Learner.Name),
        };
        if (body.Learner.Identity is { } identity)
        {
            var (person, tag) = PersonOf(identity);
            return row with { Identity = person, PersonTag = tag };
        }

        var accountId = body.Learner.AccountId!;
        return LedgerId.Is(accountId, LedgerIdKind.Account)
            ? row with
            {
                AccountId = accountId,
                PersonTag = RecordKeys.PersonTag(vault.Keys, accountId),
            }
            : Wrong(line, body.RecordId, RowTexts.AccountUnknown);
    }

    /// <summary>A row that is rejected for what it is. A record id that may not be kept is left out.</summary>
    public CheckedRow Wrong(int line, string? recordId, RowProblem problem) =>
        new()
        {
            Line = line,
            RecordId =
                FieldRules.IsText(recordId, RecordBodyValidator.RecordIdLengthMax)
                && !IdentityNumberScan.LooksLikeIdentityNumber(recordId!, today)
                    ? recordId
                    : null,
            Problem = problem,
        };

    private (PersonIdentity Identity, string Tag) PersonOf(IdentityBody identity)
    {
        if (!people.TryGetValue(identity, out var person))
        {
            var normalised = Identities.Normalise(identity)!;
            person = (normalised, vault.TagOf(normalised));
            Remember(people, identity, person);
        }

        return person;
    }

    private string? NameTagOf(string? name)
    {
        if (name is null)
        {
            return null;
        }

        if (!names.TryGetValue(name, out var tag))
        {
            tag = vault.NameTagOf(name);
            Remember(names, name, tag);
        }

        return tag;
    }

    private static void Remember<TKey, TValue>(Dictionary<TKey, TValue> memory, TKey key, TValue value)
        where TKey : notnull
    {
        if (memory.Count >= RememberedMax)
        {
            memory.Clear();
        }

        memory.Add(key, value);
    }
}

/// <summary>A row that is ready to be decided, or wrong.</summary>
internal sealed record CheckedRow
{
    public required int Line { get; init; }

    public required string? RecordId { get; init; }

    /// <summary>What is wrong with it; the rest is then missing.</summary>
    public RowProblem? Problem { get; init; }

    public RecordBody Body { get; init; } = null!;

    public OutcomeRecord Record { get; init; } = null!;

    public string ClaimId { get; init; } = string.Empty;

    public string Academic { get; init; } = string.Empty;

    /// <summary>The account, where the issuer named one.</summary>
    public string? AccountId { get; init; }

    /// <summary>The person, where the issuer named a document.</summary>
    public PersonIdentity? Identity { get; init; }

    /// <summary>The identity's tag, or the account's.</summary>
    public string PersonTag { get; init; } = string.Empty;

    public string? NameTag { get; init; }
}
