using CreditBank.Api.Access;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.LearningAgreements;

/// <summary>Decides on learning agreements. Pure.</summary>
public static class AgreementDecider
{
    /// <summary>How far ahead an agreement can bind, in years, inclusive.</summary>
    public const int YearsMax = 10;

    /// <summary>The proposal, or why it cannot be.</summary>
    /// <param name="proposed">What is asked for.</param>
    /// <param name="isSourceKnown">Whether the institution where the learning takes place is registered.</param>
    public static Decision<LearningAgreementProposed> Propose(LearningAgreementProposed proposed, bool isSourceKnown) =>
        !isSourceKnown ? SourceUnknown
        : proposed.UntilOn < proposed.ProposedOn || proposed.UntilOn > proposed.ProposedOn.PlusYears(YearsMax)
            ? Until with
            {
                Pointer = "/until",
            }
        : proposed;

    /// <summary>What the receiver's decision becomes, or why it cannot be.</summary>
    /// <param name="agreement">The agreement as it stands.</param>
    /// <param name="approves">Whether the receiver agrees.</param>
    /// <param name="noteId">Its words, in the vault; none where none were given.</param>
    /// <param name="actorId">Who decides, by pseudonym.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<object> Decide(
        LearningAgreement agreement,
        bool approves,
        string? noteId,
        string actorId,
        LocalDate today
    ) =>
        agreement.ProposedBy == actorId ? AccessRefusals.FourEyes
        : agreement.State != AgreementStates.Proposed ? Decided with { State = agreement.State }
        : approves && agreement.Proposed.UntilOn < today ? Until
        : approves ? new LearningAgreementApproved(agreement.Id, noteId, today)
        : new LearningAgreementRejected(agreement.Id, noteId, today);

    /// <summary>The learner takes the proposal back, while it is not decided.</summary>
    public static Decision<LearningAgreementWithdrawn> Withdraw(LearningAgreement agreement, LocalDate today) =>
        agreement.State == AgreementStates.Proposed
            ? new LearningAgreementWithdrawn(agreement.Id, today)
            : Decided with
            {
                State = agreement.State,
            };

    private static readonly Refusal SourceUnknown = new(
        "agreement.source",
        RefusalKind.Rule,
        new BilingualText(
            "学习所在机构未在银行登记。",
            "The institution where the learning takes place is not registered."
        )
    )
    {
        Pointer = "/source/institutionId",
    };

    private static readonly Refusal Until = new(
        "agreement.until",
        RefusalKind.Rule,
        new BilingualText(
            $"截止日须不早于今天，且不晚于 {YearsMax} 年之后。",
            $"The last day must not be over, nor more than {YearsMax} years ahead."
        )
    );

    private static readonly Refusal Decided = new(
        "agreement.state",
        RefusalKind.Conflict,
        new BilingualText("该协议已有结论。", "The agreement is decided already.")
    );
}
