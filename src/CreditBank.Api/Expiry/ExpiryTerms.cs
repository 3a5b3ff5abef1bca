namespace CreditBank.Api.Expiry;

/// <summary>How long ahead a learner is told that credit will expire.</summary>
public sealed record ExpiryTerms
{
    /// <summary>The longest time ahead that can be chosen, in days, inclusive.</summary>
    public const int DaysMax = 3650;

    /// <summary>Days before the first day on which it cannot be used, each once; the furthest first.</summary>
    public IReadOnlyList<int> WarningDays { get; init; } = [90, 30];
}
