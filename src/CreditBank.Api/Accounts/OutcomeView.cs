using CreditBank.Ledger.Events;
using CreditBank.Ledger.Journal;
using NodaTime;

namespace CreditBank.Api.Accounts;

/// <summary>An outcome as reading shows it: folded from the account's facts, with its own balances.</summary>
public sealed class OutcomeView
{
    private OutcomeView(AccountFact fact, OutcomeRecorded recorded)
    {
        (OutcomeId, Position, RecordedAt) = (recorded.OutcomeId, fact.Version, fact.RecordedAt);
        (Record, Source) = (recorded.Record, recorded.Source);
    }

    private OutcomeView(AccountFact fact, OutcomeTakenOver taken)
    {
        (OutcomeId, Position, RecordedAt) = (taken.OutcomeId, fact.Version, fact.RecordedAt);
        (Record, Source) = (taken.Record, taken.Source);
    }

    /// <summary>The outcome.</summary>
    public string OutcomeId { get; }

    /// <summary>The version of the event that recorded it; orders the list.</summary>
    public long Position { get; }

    /// <summary>When it was first recorded in this account.</summary>
    public Instant RecordedAt { get; }

    /// <summary>The submission of its first revision.</summary>
    public OutcomeSource Source { get; }

    /// <summary>What the newest revision says.</summary>
    public OutcomeRecord Record { get; private set; }

    /// <summary>The account it came from in a merge; none where it was recorded here.</summary>
    public string? TakenOverFrom { get; private set; }

    /// <summary>Whether it is elsewhere now, in the account that took this one over.</summary>
    private bool IsGone { get; set; }

    /// <summary>Whether it still stands.</summary>
    public OutcomeStatus Status { get; private set; }

    /// <summary>The newest recognition; none before the first.</summary>
    public OutcomeRecognised? Recognition { get; private set; }

    /// <summary>Where its worth is.</summary>
    public Balances Balances { get; } = new();

    /// <summary>The outcomes in the order in which they were recorded.</summary>
    /// <param name="facts">The account's facts.</param>
    /// <param name="effectiveOn">Only what was true on that day, inclusive; none means all.</param>
    public static IReadOnlyList<OutcomeView> Fold(IReadOnlyList<AccountFact> facts, LocalDate? effectiveOn)
    {
        var views = new Dictionary<string, OutcomeView>();
        foreach (var fact in facts)
        {
            if (effectiveOn is null || AccountFacts.EffectiveOn(fact.Data) <= effectiveOn)
            {
                Apply(views, fact);
            }
        }

        return [.. views.Values.Where(view => !view.IsGone).OrderBy(view => view.Position)];
    }

    private static void Apply(Dictionary<string, OutcomeView> views, AccountFact fact)
    {
        switch (fact.Data)
        {
            case OutcomeRecorded recorded:
                views[recorded.OutcomeId] = new OutcomeView(fact, recorded);
                break;
            case OutcomeCorrected corrected when views.TryGetValue(corrected.OutcomeId, out var view):
                view.Record = corrected.Record;
                break;
            case OutcomeRecognised recognised when views.TryGetValue(recognised.OutcomeId, out var view):
                view.Recognition = recognised;
                view.Balances.Add(recognised);
                break;
            case OutcomeWithdrawn withdrawn when views.TryGetValue(withdrawn.OutcomeId, out var view):
                view.Status = OutcomeStatus.Withdrawn;
                view.Balances.Add(withdrawn);
                break;
            case OutcomeRevoked revoked when views.TryGetValue(revoked.OutcomeId, out var view):
                view.Status = OutcomeStatus.Revoked;
                view.Balances.Add(revoked);
                break;
            case CreditHeld held:
                Split(views, held.Lines, line => held with { Lines = [line] });
                break;
            case HoldReleased released:
                Split(views, released.Lines, line => released with { Lines = [line] });
                break;
            case CreditConverted converted:
                Split(views, converted.Lines, lines => converted with { Lines = lines });
                break;
            case ConversionReversed reversed:
                Split(views, reversed.Lines, lines => reversed with { Lines = lines });
                break;
            case CreditExpired expired:
                foreach (var line in expired.Lines)
                {
                    views.GetValueOrDefault(line.OutcomeId)?.Balances.Add(expired with { Lines = [line] });
                }

                break;
            case ExpiryReversed reversed:
                views.GetValueOrDefault(reversed.OutcomeId)?.Balances.Add(reversed);
                break;
            default:
                ApplyMerging(views, fact);
                break;
        }
    }

    /// <summary>What was here before and comes back stands where it stood.</summary>
    private static void ApplyMerging(Dictionary<string, OutcomeView> views, AccountFact fact)
    {
        switch (fact.Data)
        {
            case OutcomeHandedOver handed when views.TryGetValue(handed.OutcomeId, out var view):
                view.IsGone = true;
                view.Balances.Add(handed);
                break;
            case OutcomeTakenOver taken:
                if (!views.TryGetValue(taken.OutcomeId, out var known))
                {
                    views[taken.OutcomeId] = known = new OutcomeView(fact, taken)
                    {
                        TakenOverFrom = taken.FromAccountId,
                    };
                }

                (known.Record, known.Recognition) = (taken.Record, taken.Recognition);
                known.Status = Enum.Parse<OutcomeStatus>(taken.State, ignoreCase: true);
                known.IsGone = false;
                known.Balances.Add(taken);
                break;
            case ConversionHandedOver handed:
                Split(views, handed.Lines, lines => handed with { Lines = lines });
                break;
            case ConversionTakenOver taken:
                Split(views, taken.Lines, lines => taken with { Lines = lines });
                break;
        }
    }

    private static void Split(
        Dictionary<string, OutcomeView> views,
        IReadOnlyList<HeldLine> lines,
        Func<HeldLine, object> alone
    )
    {
        foreach (var line in lines)
        {
            if (views.TryGetValue(line.OutcomeId, out var view))
            {
                view.Balances.Add(alone(line));
            }
        }
    }

    private static void Split(
        Dictionary<string, OutcomeView> views,
        IReadOnlyList<ConvertedLine> lines,
        Func<IReadOnlyList<ConvertedLine>, object> alone
    )
    {
        foreach (var line in lines)
        {
            foreach (var debit in line.Debits)
            {
                if (views.TryGetValue(debit.OutcomeId, out var view))
                {
                    view.Balances.Add(alone([line with { Debits = [debit], Grants = [] }]));
                }
            }
        }
    }
}
