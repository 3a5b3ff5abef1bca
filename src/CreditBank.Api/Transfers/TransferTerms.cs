using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>How long a transfer may take.</summary>
public sealed record TransferTerms
{
    /// <summary>How many days an undecided transfer holds credit, unless the operator chooses another number.</summary>
    public const int HoldDaysDefault = 90;

    /// <summary>How many days there are for an appeal, unless the operator chooses another number.</summary>
    public const int AppealDaysDefault = 10;

    /// <summary>How many days there are for its answer, unless the operator chooses another number.</summary>
    public const int AppealAnswerDaysDefault = 15;

    /// <summary>The longest term that can be chosen, inclusive.</summary>
    public const int DaysMax = 3650;

    /// <summary>How many days after its submission an undecided transfer holds credit.</summary>
    public int HoldDays { get; init; } = HoldDaysDefault;

    /// <summary>How many days after a decision the learner can appeal, the day of the decision not counted.</summary>
    public int AppealDays { get; init; } = AppealDaysDefault;

    /// <summary>How many days after an appeal the panel should say whether it is admitted.</summary>
    public int AppealAnswerDays { get; init; } = AppealAnswerDaysDefault;

    /// <summary>The last day, inclusive, on which a transfer of that day holds credit.</summary>
    public LocalDate HeldUntil(LocalDate submittedOn) => submittedOn.PlusDays(HoldDays);
}
