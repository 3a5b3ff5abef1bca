using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Erasure;

/// <summary>Decides on erasure and legal holds. Pure.</summary>
public static class ErasureDecider
{
    /// <summary>The erasure of the person, or why it cannot be.</summary>
    /// <param name="account">The account; what it took over goes with it.</param>
    /// <param name="reason">One of <see cref="ErasureReasons"/>.</param>
    /// <param name="pending">What is undecided and still needs the person, by id.</param>
    /// <param name="terms">How long the public record of an award is kept.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<PersonErased> Erase(
        Account account,
        string reason,
        IReadOnlyList<string> pending,
        RetentionTerms terms,
        LocalDate today
    ) =>
        account.Frozen is { } frozen ? frozen
        : account.LegalHolds.Count > 0 ? Held(account.LegalHolds.Keys)
        : pending.Count > 0 ? Pending(pending)
        : reason != ErasureReasons.Unlawful && terms.KeptUntilOn(account) is { } lastOn && lastOn >= today
            ? Kept(lastOn)
        : new PersonErased(reason, today);

    /// <summary>The end of a legal hold, or why there is none.</summary>
    public static Decision<LegalHoldLifted> Lift(Account account, string holdId, LocalDate today) =>
        account.LegalHolds.ContainsKey(holdId)
            ? new LegalHoldLifted(holdId, today)
            : AccessRefusals.Unknown("legalHold");

    private static Refusal Held(IEnumerable<string> holds)
    {
        var list = string.Join(", ", holds.Order(StringComparer.Ordinal));
        return new Refusal(
            "erasure.held",
            RefusalKind.Conflict,
            new BilingualText($"存在法律保留 {list}，不得删除。", $"A legal hold stands: {list}.")
        )
        {
            State = list,
        };
    }

    private static Refusal Kept(LocalDate lastOn) =>
        new(
            "erasure.retained",
            RefusalKind.Conflict,
            new BilingualText(
                $"已授予的证书须保存至 {lastOn:uuuu-MM-dd}。",
                $"An award that was conferred is a public record until {lastOn:uuuu-MM-dd}."
            )
        )
        {
            State = $"{lastOn:uuuu-MM-dd}",
        };

    private static Refusal Pending(IReadOnlyList<string> pending)
    {
        var list = string.Join(", ", pending);
        return new Refusal(
            "erasure.pending",
            RefusalKind.Conflict,
            new BilingualText(
                $"尚有未决事项 {list}，须先决定或撤回。",
                $"Something still needs the person: {list}. It must be decided or withdrawn first."
            )
        )
        {
            State = list,
        };
    }
}
