using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Transcripts;

/// <summary>What stays the same for all rows of a sending.</summary>
/// <param name="InstitutionId">The issuer.</param>
/// <param name="TranscriptId">The transcript.</param>
/// <param name="OpenAccounts">Whether persons without an account get one.</param>
/// <param name="RecordedOn">The day in Shanghai.</param>
internal sealed record BatchTerms(string InstitutionId, string TranscriptId, bool OpenAccounts, LocalDate RecordedOn);

/// <summary>
/// Decides a batch of rows, one after another, each on the facts and on what the rows before it changed. Pure: ids of
/// new accounts come from outside.
/// </summary>
internal sealed class BatchDecider(
    BatchTerms terms,
    BatchFacts facts,
    Recording recording,
    VaultKeys keys,
    Func<string> newAccountId
)
{
    private readonly BatchPlan plan = new();
    private readonly Dictionary<string, Account> accounts = [];
    private readonly Dictionary<string, Transfer> transfers = new(facts.Transfers);
    private readonly Dictionary<string, (string AccountId, string? NameTag)> opened = [];

    /// <summary>Decides all rows.</summary>
    public BatchPlan Decide(IReadOnlyList<CheckedRow> rows)
    {
        // Suspended since the sending began: what was written stays, what comes now is refused.
        var refused = facts.Issuer?.MayNotAct(terms.RecordedOn) is { } refusal ? RowTexts.Of(refusal) : null;
        foreach (var row in rows)
        {
            plan.Results.Add((row.Problem ?? refused) is { } problem ? Rejected(row, problem) : Decide(row));
        }

        return plan;
    }

    private RowResult Decide(CheckedRow row)
    {
        var learner = Resolve(row);
        var claim = ClaimOf(row);
        if (learner.Problem == RowTexts.AccountUnknown && !IsErased(claim))
        {
            return Rejected(row, RowTexts.AccountUnknown);
        }

        return claim switch
        {
            null => learner.Problem is { } why ? Suspend(row, null, why) : Record(row, learner.AccountId!, null),
            { IsSuspended: true } waiting => DecideWaiting(row, waiting, learner),
            var known => DecideKnown(row, known, learner),
        };
    }

    /// <summary>Whose record this was nobody can tell any more; the content alone says that it is the same.</summary>
    private bool IsErased(RecordClaim? claim) => claim?.AccountId is { } accountId && facts.Erased.Contains(accountId);

    private RecordClaim? ClaimOf(CheckedRow row) =>
        plan.Claims.TryGetValue(row.ClaimId, out var changed) ? changed : facts.Claims.GetValueOrDefault(row.ClaimId);

    /// <summary>The account a row is about, or why there is none that may be credited.</summary>
    private (string? AccountId, RowProblem? Problem) Resolve(CheckedRow row)
    {
        if (row.AccountId is { } named)
        {
            return facts.Persons.TryGetValue(named, out var person)
                ? Compare(person.MergedInto ?? named, person.NameTag, row.NameTag)
                : (null, RowTexts.AccountUnknown);
        }

        if (facts.Identities.TryGetValue(row.PersonTag, out var claim))
        {
            return Compare(claim.AccountId, claim.NameTag, row.NameTag);
        }

        if (opened.TryGetValue(row.PersonTag, out var fresh))
        {
            return Compare(fresh.AccountId, fresh.NameTag, row.NameTag);
        }

        return MayOpen(row) ? (Open(row), null) : (null, RowTexts.PersonUnknown);
    }

    /// <summary>The account a row is about, whatever name it gives.</summary>
    private string? Meant(CheckedRow row) =>
        row.AccountId is { } named
            ? facts.Persons.GetValueOrDefault(named)?.MergedInto ?? named
            : facts.Identities.GetValueOrDefault(row.PersonTag)?.AccountId;

    private static (string? AccountId, RowProblem? Problem) Compare(string accountId, string? nameTag, string? given) =>
        IdentityVault.NamesDiffer(nameTag, given) ? (null, RowTexts.NameMismatch) : (accountId, null);

    /// <summary>
    /// An institution vouches for its own numbers only, and an account is opened only by a record that will be posted.
    /// </summary>
    private bool MayOpen(CheckedRow row) =>
        terms.OpenAccounts
        && (row.Identity!.InstitutionId is null || row.Identity.InstitutionId == terms.InstitutionId)
        && ClaimOf(row) is null or { IsSuspended: true }
        && recording.First(string.Empty, row.Record, Source, terms.RecordedOn).Refusal is null;

    private string Open(CheckedRow row)
    {
        var accountId = newAccountId();
        opened.Add(row.PersonTag, (accountId, row.NameTag));
        plan.Opened.Add(new NewAccount(accountId, row.Identity!, row.Body.Learner.Name));
        plan.To(accountId)
            .Events.Add(
                new AccountOpened(accountId, terms.InstitutionId, Identities.ProofOf(row.Identity!), terms.RecordedOn)
            );
        return accountId;
    }

    private RowResult Record(CheckedRow row, string accountId, RecordClaim? before)
    {
        var outcomeId = LedgerId.Outcome(accountId, terms.InstitutionId, row.Record.RecordId);
        if (!recording.First(outcomeId, row.Record, Source, terms.RecordedOn).Is(out var events, out var refusal))
        {
            return Rejected(row, RowTexts.Of(refusal));
        }

        plan.To(accountId).Events.AddRange(events);
        plan.Claims[row.ClaimId] = new RecordClaim
        {
            Id = row.ClaimId,
            AccountId = accountId,
            OutcomeId = outcomeId,
            Revisions = [Revision(row, accountId)],
            Version = before?.Version ?? 0,
        };
        if (before is not null)
        {
            plan.Suspended.Remove(row.ClaimId);
            plan.Resumed[row.ClaimId] = before.PersonTag!;
        }

        return Result(row, RowStatuses.Accepted, outcomeId);
    }

    private RowResult Suspend(CheckedRow row, RecordClaim? before, RowProblem why)
    {
        if (before?.PersonTag is { } other && other != row.PersonTag)
        {
            return Rejected(row, RowTexts.LearnerChanged);
        }

        if (recording.First(string.Empty, row.Record, Source, terms.RecordedOn).Refusal is { } refusal)
        {
            return Rejected(row, RowTexts.Of(refusal));
        }

        plan.Suspended[row.ClaimId] = row;
        plan.Claims[row.ClaimId] = new RecordClaim
        {
            Id = row.ClaimId,
            PersonTag = row.PersonTag,
            Revisions = [Revision(row, row.PersonTag)],
            Version = before?.Version ?? 0,
        };
        return Held(row, why);
    }

    private RowResult DecideWaiting(
        CheckedRow row,
        RecordClaim waiting,
        (string? AccountId, RowProblem? Problem) learner
    )
    {
        if (row.Record.Revision < waiting.Latest.Revision)
        {
            return Rejected(row, RowTexts.OldRevision);
        }

        var isSame = row.Record.Revision == waiting.Latest.Revision;
        if (isSame && waiting.Latest.Tag != Revision(row, row.PersonTag).Tag)
        {
            return Rejected(row, RowTexts.Conflict);
        }

        return learner.Problem is not { } why ? Record(row, learner.AccountId!, waiting)
            : isSame && plan.Suspended.ContainsKey(row.ClaimId) ? Held(row, why)
            : Suspend(row, waiting, why);
    }

    private RowResult DecideKnown(CheckedRow row, RecordClaim known, (string? AccountId, RowProblem? Problem) learner)
    {
        if (known.Revisions.FirstOrDefault(revision => revision.Revision == row.Record.Revision) is { } taken)
        {
            // The name is no part of the content: whoever the row is about, the claim's account must be meant.
            var account = learner.AccountId ?? Meant(row);
            return (account == known.AccountId || IsErased(known)) && Revision(row, known.PersonId!).Tag == taken.Tag
                ? Result(row, RowStatuses.Duplicate, known.OutcomeId)
                : Rejected(row, RowTexts.Conflict);
        }

        if (row.Record.Revision < known.Latest.Revision)
        {
            return Rejected(row, RowTexts.OldRevision);
        }

        if (learner.Problem is { } why)
        {
            return Rejected(row, why == RowTexts.NameMismatch ? why : RowTexts.LearnerChanged);
        }

        return learner.AccountId == known.AccountId ? Correct(row, known) : Rejected(row, RowTexts.LearnerChanged);
    }

    private RowResult Correct(CheckedRow row, RecordClaim known)
    {
        var (accountId, outcomeId) = (known.AccountId!, known.OutcomeId!);
        var account = AccountWith(accountId, outcomeId);
        var standing = new OutcomeStanding(account, account.Outcomes[outcomeId], transfers);
        var reason = CorrectionReason.Of(standing.Position.Record, row.Record);
        var decision = recording.Revise(standing, row.Record, reason, null, Source, terms.RecordedOn);
        if (!decision.Is(out var events, out var refusal))
        {
            return Rejected(row, RowTexts.Of(refusal));
        }

        var append = plan.To(accountId);
        append.Events.AddRange(events.OfAccount);
        append.DecidedAt = facts.Accounts.GetValueOrDefault(accountId)?.Version;
        foreach (var @event in events.OfAccount)
        {
            AccountFold.Apply(account, @event);
        }

        Void(events.OfTransfers);
        plan.Claims[row.ClaimId] = known.Grown(Revision(row, known.PersonId!));
        return Result(row, RowStatuses.Accepted, outcomeId);
    }

    /// <summary>Only on an open transfer could somebody else decide at the same time.</summary>
    private void Void(IReadOnlyList<TransferLinesVoided> voided)
    {
        foreach (var @event in voided)
        {
            var append = plan.To(@event.TransferId);
            append.Events.Add(@event);
            if (transfers.TryGetValue(@event.TransferId, out var transfer))
            {
                append.DecidedAt = transfer.Version;
                transfers[@event.TransferId] = transfer.Apply(@event);
            }
        }
    }

    /// <summary>
    /// The account with what the rows before changed in it, and with this outcome, also one they recorded.
    /// </summary>
    private Account AccountWith(string accountId, string outcomeId)
    {
        if (!accounts.TryGetValue(accountId, out var account))
        {
            account = facts.Accounts.GetValueOrDefault(accountId) ?? new Account { Id = accountId };
            accounts.Add(accountId, account);
        }

        if (!account.Outcomes.ContainsKey(outcomeId))
        {
            var events = plan.To(accountId).Events;
            account.Apply(events.OfType<OutcomeRecorded>().Single(@event => @event.OutcomeId == outcomeId));
            account.Apply(events.OfType<OutcomeRecognised>().Single(@event => @event.OutcomeId == outcomeId));
            foreach (var expired in events.OfType<CreditExpired>().Where(one => one.Lines[0].OutcomeId == outcomeId))
            {
                account.Apply(expired);
            }
        }

        return account;
    }

    private const string TranscriptSource = "transcript";

    private OutcomeSource Source { get; } = new(TranscriptSource, terms.TranscriptId);

    private ClaimedRevision Revision(CheckedRow row, string person) =>
        new(row.Record.Revision, RecordKeys.ContentTag(keys, person, row.Academic));

    private static RowResult Result(CheckedRow row, string status, string? outcomeId) =>
        new()
        {
            Line = row.Line,
            RecordId = row.RecordId,
            Status = status,
            OutcomeId = outcomeId,
        };

    private static RowResult Held(CheckedRow row, RowProblem why) =>
        Result(row, RowStatuses.Suspended, null) with
        {
            Problem = why,
        };

    private static RowResult Rejected(CheckedRow row, RowProblem problem) =>
        Result(row, RowStatuses.Rejected, null) with
        {
            Problem = problem,
        };
}

/// <summary>Why a transcript's higher revision corrects, read off what it changes.</summary>
internal static class CorrectionReason
{
    /// <summary>The reason; the first that fits of credit, grade, other.</summary>
    public static string Of(OutcomeRecord before, OutcomeRecord after) =>
        before.Credits != after.Credits || before.Unit != after.Unit ? "creditChange"
        : before.Result != after.Result || before.GradeValue != after.GradeValue ? "gradeChange"
        : "other";
}
