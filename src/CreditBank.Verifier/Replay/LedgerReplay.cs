using System.Runtime.InteropServices;
using CreditBank.Ledger.Events;
using CreditBank.Ledger.Journal;

namespace CreditBank.Verifier;

/// <summary>
/// Replays events of a book, or of the part of it whose accounts fell together: order within streams, double entry,
/// balances, and every recognition and conversion under the rules.
/// </summary>
internal sealed class LedgerReplay(RegistryFacts registry, ReplayOptions options, string log, Findings findings)
{
    private readonly Dictionary<string, long> versions = [];
    private readonly Dictionary<string, LearnerAccount?> accounts = [];
    private readonly Dictionary<string, OpenTransfer> transfers = [];
    private readonly RecognitionCheck recognitions = new(registry);
    private readonly ConversionCheck conversions = new(registry);
    private readonly ReplayTotals totals = new();
    private string? lastAccountId;
    private LearnerAccount? lastAccount;

    /// <summary>What was counted so far.</summary>
    public ReplayTotals Totals =>
        totals with
        {
            Recognitions = recognitions.Count,
            Evaluations = conversions.Evaluations,
            ConvertedLines = conversions.Lines,
        };

    /// <summary>Replays the next event.</summary>
    /// <param name="read">The event; its kind is known.</param>
    /// <param name="index">Its leaf.</param>
    /// <param name="isLate">Whether it stands behind events of higher sequence; then its stream may be out of
    /// order.</param>
    public void Add(in ReadEvent read, long index, bool isLate)
    {
        var envelope = read.Leaf.Envelope;
        Follow(envelope.Stream, envelope.Version, index, envelope.EventId, isLate);
        if (read.Data is not { } @event)
        {
            return;
        }

        Journal(@event, index, envelope.EventId);
        var stream = envelope.Stream;
        switch (@event)
        {
            case TransferSubmitted submitted:
                transfers[stream] = new OpenTransfer(submitted);
                break;
            case MaybeLinesDecided decided:
                transfers.GetValueOrDefault(stream)?.Decide(decided);
                break;
            case TransferEvaluated evaluated:
                Evaluate(stream, evaluated, index, envelope.EventId, envelope.RecordedAtMicroseconds);
                break;
            case TransferLinesVoided voided:
                transfers.GetValueOrDefault(stream)?.Void(voided);
                break;
            case TransferApproved approved:
                transfers.GetValueOrDefault(stream)?.Approve(approved);
                break;
            case TransferReopened reopened:
                transfers.GetValueOrDefault(stream)?.Reopen(reopened);
                break;
            case OutcomeRecognised recognised:
                Recognise(stream, recognised, index, envelope.EventId, envelope.RecordedAtMicroseconds);
                break;
            case CreditConverted converted:
                Convert(stream, converted, index, envelope.EventId, envelope.RecordedAtMicroseconds);
                break;
            case OutcomeRecorded
            or OutcomeCorrected
            or OutcomeWithdrawn
            or OutcomeRevoked
            or CreditHeld
            or HoldReleased
            or ConversionReversed
            or OutcomeHandedOver
            or OutcomeTakenOver
            or ConversionHandedOver
            or ConversionTakenOver
            or CreditExpired
            or ExpiryReversed
            or AwardConferred
            or AwardRescinded
            or AwardHandedOver
            or AwardTakenOver:
                Apply(stream, @event, index, envelope.EventId);
                break;
        }
    }

    /// <summary>Hands out the balances of every account, if somebody wants them.</summary>
    public void Finish()
    {
        foreach (var (accountId, account) in accounts)
        {
            totals.Accounts++;
            totals.Outcomes += account!.Outcomes.Count;
            options.Balances?.Write(accountId, account);
        }
    }

    private void Follow(string stream, long version, long index, Guid eventId, bool isLate)
    {
        ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(versions, stream, out _);
        if (version != before + 1 && !isLate)
        {
            findings.Add(
                FindingCodes.StreamOrder,
                log,
                index,
                eventId,
                $"Event {version} of {stream} follows event {before}: something is missing, doubled or swapped."
            );
        }

        before = isLate ? Math.Max(before, version) : version;
        totals.Streams = versions.Count;
    }

    private void Journal(object @event, long index, Guid eventId)
    {
        var entries = DoubleEntry.EntriesOf(@event);
        totals.Entries += entries.Count;
        for (var i = 0; i < entries.Count; i++)
        {
            totals.Sums.Add(entries[i]);
            if (!IsBalanced(entries, i))
            {
                findings.Add(
                    FindingCodes.Unbalanced,
                    log,
                    index,
                    eventId,
                    $"The entries in {entries[i].Unit} do not add up to zero."
                );
            }
        }
    }

    /// <summary>
    /// Whether the entries in the measure and unit of one of them add up to zero; asked once for each, at the first.
    /// </summary>
    private static bool IsBalanced(IReadOnlyList<JournalEntry> entries, int at)
    {
        var (sum, measure, unit) = (0m, entries[at].Measure, entries[at].Unit);
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Measure == measure && entries[i].Unit == unit)
            {
                if (i < at)
                {
                    return true;
                }

                sum += entries[i].Amount.Value;
            }
        }

        return sum == 0;
    }

    private void Apply(string accountId, object @event, long index, Guid eventId)
    {
        try
        {
            if (AccountOf(accountId).Apply(@event) is { } outcomeId)
            {
                findings.Add(
                    FindingCodes.Negative,
                    log,
                    index,
                    eventId,
                    $"Available or held credit of {outcomeId} falls below nothing."
                );
            }
        }
        catch (Exception impossible) when (impossible is InvalidOperationException or ArgumentException)
        {
            findings.Add(FindingCodes.Negative, log, index, eventId, $"It cannot be posted: {impossible.Message}");
        }
    }

    private void Recognise(string accountId, OutcomeRecognised recognised, long index, Guid eventId, long recordedAt)
    {
        if (options.WithRules)
        {
            var outcome = AccountOf(accountId).Outcomes.GetValueOrDefault(recognised.OutcomeId);
            var words = recognitions.Differs(recognised, outcome?.Record, outcome?.Recognition, recordedAt);
            if (words is not null)
            {
                findings.Add(FindingCodes.Recognition, log, index, eventId, words);
            }
        }

        Apply(accountId, recognised, index, eventId);
    }

    private void Evaluate(string stream, TransferEvaluated evaluated, long index, Guid eventId, long recordedAt)
    {
        if (!transfers.TryGetValue(stream, out var transfer))
        {
            findings.Add(FindingCodes.Evaluation, log, index, eventId, "It belongs to no transfer.");
            return;
        }

        if (options.WithRules && !transfer.IsConverted)
        {
            var account = AccountOf(transfer.Submitted.AccountId);
            if (conversions.Differs(transfer, evaluated, account, recordedAt) is { } words)
            {
                findings.Add(FindingCodes.Evaluation, log, index, eventId, words);
            }
        }

        transfer.Evaluate(evaluated);
    }

    private void Convert(string accountId, CreditConverted converted, long index, Guid eventId, long recordedAt)
    {
        var transfer = transfers.GetValueOrDefault(converted.TransferId);
        if (options.WithRules)
        {
            var account = AccountOf(accountId);
            if (conversions.Differs(transfer, converted, account, recordedAt) is { } words)
            {
                findings.Add(FindingCodes.Conversion, log, index, eventId, words);
            }
        }

        if (transfer is not null)
        {
            transfer.IsConverted = true;
        }

        Apply(accountId, converted, index, eventId);
    }

    private LearnerAccount AccountOf(string accountId)
    {
        // Events of one account mostly stand together.
        if (lastAccount is { } last && lastAccountId == accountId)
        {
            return last;
        }

        ref var account = ref CollectionsMarshal.GetValueRefOrAddDefault(accounts, accountId, out _);
        account ??= new LearnerAccount(options.WithRules);
        (lastAccountId, lastAccount) = (accountId, account);
        return account;
    }
}

/// <summary>What a replay does beside what it always does.</summary>
/// <param name="WithRules">Whether recognitions and conversions are evaluated anew.</param>
/// <param name="Balances">Where the balances of every outcome go; none for nowhere.</param>
/// <param name="EventsInMemoryMax">How many events of a book are replayed in memory at once; more are parted.</param>
internal sealed record ReplayOptions(bool WithRules, BalanceFile? Balances, long EventsInMemoryMax)
{
    /// <summary>What fits with room to spare under 500 MB.</summary>
    public const long EventsInMemoryUsual = 400_000;
}
