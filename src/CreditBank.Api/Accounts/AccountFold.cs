using CreditBank.Ledger.Events;
using JasperFx.Events;

namespace CreditBank.Api.Accounts;

/// <summary>Folds accounts from events that were loaded for many accounts at once.</summary>
public static class AccountFold
{
    /// <summary>The account after these events of its stream, in order.</summary>
    public static Account Of(string accountId, IEnumerable<IEvent> events)
    {
        var account = new Account { Id = accountId };
        foreach (var @event in events)
        {
            account.Version = @event.Version;
            if (@event is IEvent<AwardConferred> conferred)
            {
                account.Apply(conferred);
            }
            else
            {
                Apply(account, @event.Data);
            }
        }

        return account;
    }

    /// <summary>The account after one more event of its stream.</summary>
    /// <exception cref="InvalidOperationException">It is no event of an account.</exception>
    public static void Apply(Account account, object data)
    {
        switch (data)
        {
            case AccountOpened opened:
                account.Apply(opened);
                break;
            case ConsentGranted granted:
                account.Apply(granted);
                break;
            case ConsentWithdrawn withdrawn:
                account.Apply(withdrawn);
                break;
            case OutcomeRecorded recorded:
                account.Apply(recorded);
                break;
            case OutcomeRecognised recognised:
                account.Apply(recognised);
                break;
            case OutcomeCorrected corrected:
                account.Apply(corrected);
                break;
            case OutcomeWithdrawn withdrawn:
                account.Apply(withdrawn);
                break;
            case OutcomeRevoked revoked:
                account.Apply(revoked);
                break;
            case CreditHeld held:
                account.Apply(held);
                break;
            case HoldReleased released:
                account.Apply(released);
                break;
            case CreditConverted converted:
                account.Apply(converted);
                break;
            case ConversionReversed reversed:
                account.Apply(reversed);
                break;
            default:
                ApplyToPerson(account, data);
                break;
        }
    }

    /// <summary>What time, merges, legal holds and erasure do.</summary>
    private static void ApplyToPerson(Account account, object data)
    {
        switch (data)
        {
            case LegalHoldSet set:
                account.Apply(set);
                break;
            case LegalHoldLifted lifted:
                account.Apply(lifted);
                break;
            case PersonErased erased:
                account.Apply(erased);
                break;
            case AccountsMerged merged:
                account.Apply(merged);
                break;
            case AccountsUnmerged unmerged:
                account.Apply(unmerged);
                break;
            case OutcomeHandedOver handed:
                account.Apply(handed);
                break;
            case OutcomeTakenOver taken:
                account.Apply(taken);
                break;
            case ConversionHandedOver handed:
                account.Apply(handed);
                break;
            case ConversionTakenOver taken:
                account.Apply(taken);
                break;
            case CreditExpired expired:
                account.Apply(expired);
                break;
            case ExpiryReversed reversed:
                account.Apply(reversed);
                break;
            case ExpiryWarned:
                break;
            default:
                ApplyAward(account, data);
                break;
        }
    }

    private static void ApplyAward(Account account, object data)
    {
        switch (data)
        {
            case AwardReviewOpened opened:
                account.Apply(opened);
                break;
            case AwardUpheld upheld:
                account.Apply(upheld);
                break;
            case AwardRescinded rescinded:
                account.Apply(rescinded);
                break;
            case AwardHandedOver handed:
                account.Apply(handed);
                break;
            case AwardTakenOver taken:
                account.Apply(taken);
                break;
            case AwardReviewTakenOver taken:
                account.Apply(taken);
                break;
            default:
                throw new InvalidOperationException($"An account does not know {data.GetType().Name}.");
        }
    }
}
