using CreditBank.Api.Awards;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Accounts;

/// <summary>What merges do to an account.</summary>
public sealed partial class Account
{
    /// <summary>The account that took this one over; none while it stands for itself.</summary>
    public string? MergedInto { get; private set; }

    /// <summary>The accounts this one took over and still has, by merge.</summary>
    public Dictionary<string, string> Absorbed { get; } = [];

    /// <summary>This account and those it took over and still has: what was said to one of them counts here.</summary>
    public IReadOnlyList<string> WithAbsorbed => [Id, .. Absorbed.Values.Order(StringComparer.Ordinal)];

    /// <summary>The merge by which an outcome came; only those that a merge brought.</summary>
    public Dictionary<string, string> TakenOver { get; private set; } = [];

    /// <summary>The merge by which an award came; only those that a merge brought.</summary>
    public Dictionary<string, string> TakenOverAwards { get; private set; } = [];

    /// <summary>The merge by which lines of a conversion came, by transfer and line.</summary>
    public Dictionary<(string TransferId, int Line), string> TakenOverLines { get; private set; } = [];

    /// <summary>
    /// Why nothing can be asked of it any more: another account took it over, or the person was erased. None while it
    /// stands.
    /// </summary>
    public Refusal? Frozen =>
        MergedInto is { } survivor ? MergedAway(survivor)
        : ErasedOn is not null ? PersonGone
        : null;

    /// <summary>The refusal that names the account to turn to: 409.</summary>
    public static Refusal MergedAway(string survivorId) =>
        new(
            "account.merged",
            RefusalKind.Conflict,
            new BilingualText(
                $"该账户已并入 {survivorId}，请使用该账户。",
                $"The account was merged into {survivorId}; use that one."
            )
        )
        {
            State = survivorId,
        };

    /// <summary>Folds.</summary>
    public void Apply(AccountsMerged merged)
    {
        if (merged.AbsorbedId == Id)
        {
            MergedInto = merged.SurvivorId;
        }
        else
        {
            Absorbed[merged.MergeId] = merged.AbsorbedId;
        }
    }

    /// <summary>Folds.</summary>
    public void Apply(AccountsUnmerged unmerged)
    {
        if (unmerged.AbsorbedId == Id)
        {
            MergedInto = null;
            return;
        }

        // What stays is the survivor's own from now on.
        Absorbed.Remove(unmerged.MergeId);
        Forget(TakenOver, unmerged.MergeId);
        Forget(TakenOverAwards, unmerged.MergeId);
        Forget(TakenOverLines, unmerged.MergeId);
    }

    /// <summary>Folds.</summary>
    public void Apply(AwardHandedOver handed)
    {
        Awards.Remove(handed.AwardId);
        TakenOverAwards.Remove(handed.AwardId);
    }

    /// <summary>Folds.</summary>
    public void Apply(AwardTakenOver taken)
    {
        Awards[taken.AwardId] = Award.Of(taken);
        if (Absorbed.ContainsKey(taken.MergeId))
        {
            TakenOverAwards[taken.AwardId] = taken.MergeId;
        }
    }

    /// <summary>Folds.</summary>
    public void Apply(AwardReviewTakenOver taken) =>
        Awards[taken.Opened.AwardId] = Awards[taken.Opened.AwardId].Apply(taken);

    /// <summary>Folds.</summary>
    public void Apply(OutcomeHandedOver handed)
    {
        Outcomes.Remove(handed.OutcomeId);
        TakenOver.Remove(handed.OutcomeId);
    }

    /// <summary>Folds.</summary>
    public void Apply(OutcomeTakenOver taken)
    {
        Outcomes[taken.OutcomeId] = OutcomePosition.Of(taken);
        if (Absorbed.ContainsKey(taken.MergeId))
        {
            TakenOver[taken.OutcomeId] = taken.MergeId;
        }
    }

    /// <summary>Folds.</summary>
    public void Apply(ConversionHandedOver handed)
    {
        Drop(handed.TransferId, handed.Lines);
        foreach (var debit in handed.Lines.SelectMany(line => line.Debits))
        {
            Outcomes[debit.OutcomeId].GiveUp(debit);
        }
    }

    /// <summary>Folds. Lines of one transfer may come in two parts, when a merge was undone in part before.</summary>
    public void Apply(ConversionTakenOver taken)
    {
        var index = Conversions.FindIndex(conversion => conversion.TransferId == taken.TransferId);
        if (index < 0)
        {
            Conversions.Add(
                new CreditConverted(
                    taken.TransferId,
                    taken.InstitutionId,
                    taken.ProgrammeId,
                    taken.Lines,
                    taken.EffectiveOn
                )
            );
        }
        else
        {
            Conversions[index] = Conversions[index] with
            {
                Lines = [.. Conversions[index].Lines, .. taken.Lines],
                EffectiveOn = LocalDate.Max(Conversions[index].EffectiveOn, taken.EffectiveOn),
            };
        }

        foreach (var line in taken.Lines)
        {
            if (Absorbed.ContainsKey(taken.MergeId))
            {
                TakenOverLines[(taken.TransferId, line.Line)] = taken.MergeId;
            }

            foreach (var debit in line.Debits)
            {
                Outcomes[debit.OutcomeId].Inherit(debit);
            }
        }
    }

    private static void Forget<TKey>(Dictionary<TKey, string> came, string mergeId)
        where TKey : notnull
    {
        foreach (var key in came.Where(pair => pair.Value == mergeId).Select(pair => pair.Key))
        {
            came.Remove(key);
        }
    }

    /// <summary>Lines of a conversion stand no longer.</summary>
    private void Drop(string transferId, IReadOnlyList<ConvertedLine> lines)
    {
        var gone = lines.Select(line => line.Line).ToHashSet();
        var index = Conversions.FindIndex(conversion =>
            conversion.TransferId == transferId && conversion.Lines.Any(line => gone.Contains(line.Line))
        );
        foreach (var line in gone)
        {
            TakenOverLines.Remove((transferId, line));
        }

        var left = Conversions[index].Lines.Where(line => !gone.Contains(line.Line)).ToList();
        if (left.Count == 0)
        {
            Conversions.RemoveAt(index);
        }
        else
        {
            Conversions[index] = Conversions[index] with { Lines = left };
        }
    }
}

/// <summary>What merges do to an outcome.</summary>
public sealed partial class OutcomePosition
{
    /// <summary>
    /// An outcome as it came in a merge. Its credit moved on that day: what is taken away later is taken away on that
    /// day or after it, since before it nothing was here.
    /// </summary>
    internal static OutcomePosition Of(OutcomeTakenOver taken)
    {
        var nothing = Worth.Nothing(taken.Available.Unit);
        var position = new OutcomePosition(taken.OutcomeId, taken.Record)
        {
            Source = taken.Source,
            Status = Enum.Parse<OutcomeStatus>(taken.State, ignoreCase: true),
            Recognition = taken.Recognition,
            Available = taken.Available,
            Held = nothing,
            Converted = nothing,
            Forfeited = nothing,
            Revoked = taken.Revoked,
            MovedOn = taken.EffectiveOn,
        };
        if (taken.Expired is { } expired)
        {
            position.Expiries.Add(new ExpiredPart(taken.EffectiveOn, expired));
        }

        return position;
    }

    internal void Inherit(Debit debit)
    {
        Converted += debit.Converted;
        Forfeited += debit.Forfeited;
    }

    internal void GiveUp(Debit debit)
    {
        Converted -= debit.Converted;
        Forfeited -= debit.Forfeited;
    }
}
