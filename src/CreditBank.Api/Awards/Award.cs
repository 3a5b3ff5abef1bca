using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Awards;

/// <summary>An award as it stands, folded from its account's stream.</summary>
/// <param name="Conferred">What was conferred.</param>
/// <param name="State">One of <see cref="AwardStates"/>.</param>
/// <param name="ConferredBy">Who conferred it, by pseudonym; they may not uphold it.</param>
public sealed record Award(AwardConferred Conferred, string State, string? ConferredBy)
{
    /// <summary>The changed outcomes that opened its reviews, in order.</summary>
    public IReadOnlyList<AwardReviewOpened> Reviews { get; init; } = [];

    /// <summary>The day of the last decision on it; none before one.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>Whether it has not been taken back.</summary>
    public bool Stands => State != AwardStates.Rescinded;

    /// <summary>An award as it came in a merge; its reviews come after it.</summary>
    public static Award Of(AwardTakenOver taken) =>
        new(taken.Conferred, taken.State, taken.ConferredBy) { DecidedOn = taken.DecidedOn };

    /// <summary>Folds.</summary>
    public Award Apply(AwardReviewTakenOver taken) => this with { Reviews = [.. Reviews, taken.Opened] };

    /// <summary>Folds.</summary>
    public Award Apply(AwardReviewOpened opened) =>
        this with
        {
            State = AwardStates.UnderReview,
            Reviews = [.. Reviews, opened],
        };

    /// <summary>Folds.</summary>
    public Award Apply(AwardUpheld upheld) => this with { State = AwardStates.Conferred, DecidedOn = upheld.DecidedOn };

    /// <summary>Folds.</summary>
    public Award Apply(AwardRescinded rescinded) =>
        this with
        {
            State = AwardStates.Rescinded,
            DecidedOn = rescinded.RescindedOn,
        };
}

/// <summary>The states of an award.</summary>
public static class AwardStates
{
    /// <summary>It stands.</summary>
    public const string Conferred = "conferred";

    /// <summary>It stands, and an outcome it rests on has changed: a person looks at it.</summary>
    public const string UnderReview = "underReview";

    /// <summary>It was taken back.</summary>
    public const string Rescinded = "rescinded";
}

/// <summary>Which account an award is of. In the account's book.</summary>
public sealed class AwardPlace
{
    /// <summary>The award.</summary>
    public required string Id { get; init; }

    /// <summary>The account.</summary>
    public required string AccountId { get; init; }
}
