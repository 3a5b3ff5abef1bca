using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>How long a transfer may take.</summary>
public sealed record TransferTerms
{
    /// <summary>How many days an undecided transfer holds credit, unless the operator chooses another number.</summary>
    public const int HoldDaysDefault = 90;

    /// <summary>The longest term that can be chosen, inclusive.</summary>
    public const int DaysMax = 3650;

    /// <summary>How many days after its submission an undecided transfer holds credit.</summary>
    public int HoldDays { get; init; } = HoldDaysDefault;

    /// <summary>The last day, inclusive, on which a transfer of that day holds credit.</summary>
    public LocalDate HeldUntil(LocalDate submittedOn) => submittedOn.PlusDays(HoldDays);
}
