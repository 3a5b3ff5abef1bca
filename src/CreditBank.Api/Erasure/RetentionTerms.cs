using CreditBank.Api.Accounts;
using NodaTime;

namespace CreditBank.Api.Erasure;

/// <summary>
/// How long the public record of an award must tell whose it is. Until then only storage is left (Personal Information
/// Protection Law, article 47), whoever asks for an erasure; also after the learner's death.
/// </summary>
public sealed record RetentionTerms
{
    /// <summary>The longest term that can be chosen, inclusive.</summary>
    public const int YearsMax = 1_000;

    /// <summary>How many years after its conferral, the day itself not counted; 0 for no such duty.</summary>
    public int Years { get; init; }

    /// <summary>The last day, inclusive, on which a standing award of an account is kept; none without one.</summary>
    public LocalDate? KeptUntilOn(Account account) =>
        Years == 0
            ? null
            : account
                .Awards.Values.Where(award => award.Stands)
                .Select(award => (LocalDate?)award.Conferred.ConferredOn.PlusYears(Years))
                .Max();
}
