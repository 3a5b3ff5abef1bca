using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Accounts;

/// <summary>What legal holds and erasure do to an account.</summary>
public sealed partial class Account
{
    /// <summary>The day the person was erased; none while it is known whose account this is.</summary>
    public LocalDate? ErasedOn { get; private set; }

    /// <summary>The legal holds that stand, by id.</summary>
    public Dictionary<string, LegalHoldSet> LegalHolds { get; } = [];

    /// <summary>The person was erased: 409.</summary>
    public static readonly Refusal PersonGone = new(
        "account.erased",
        RefusalKind.Conflict,
        new BilingualText("该账户的个人信息已删除。", "The person behind this account was erased.")
    )
    {
        State = "erased",
    };

    /// <summary>Folds.</summary>
    public void Apply(LegalHoldSet set) => LegalHolds[set.HoldId] = set;

    /// <summary>Folds.</summary>
    public void Apply(LegalHoldLifted lifted) => LegalHolds.Remove(lifted.HoldId);

    /// <summary>Folds. What the learner allowed ends with it.</summary>
    public void Apply(PersonErased erased) => ErasedOn = erased.ErasedOn;
}
