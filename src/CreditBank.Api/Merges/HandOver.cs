using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;
using CreditBank.Api.Outcomes;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Merges;

/// <summary>What goes from one account to another in a merge, or in its undoing.</summary>
/// <param name="OutcomeIds">The outcomes.</param>
/// <param name="Conversions">The conversions that rest on them, with the lines that go along.</param>
/// <param name="AwardIds">The awards that rest on them.</param>
internal sealed record Moving(
    HashSet<string> OutcomeIds,
    IReadOnlyList<CreditConverted> Conversions,
    HashSet<string> AwardIds
);

/// <summary>
/// Moves outcomes, the conversions that rest on them and awards from one account to another. Pure.
/// </summary>
internal static class HandOver
{
    /// <summary>The events of the account that gives, and those of the one that takes, in order.</summary>
    public static (IReadOnlyList<object> Handed, IReadOnlyList<object> Taken) Of(
        string mergeId,
        Account from,
        Moving moving,
        LocalDate on
    )
    {
        var outcomes = from.Outcomes.Values.Where(position => moving.OutcomeIds.Contains(position.OutcomeId)).ToList();
        var awards = from
            .Awards.Values.Where(award => moving.AwardIds.Contains(award.Conferred.AwardId))
            .OrderBy(award => award.Conferred.AwardId, StringComparer.Ordinal)
            .ToList();
        IReadOnlyList<object> handed =
        [
            .. awards.Select(award => new AwardHandedOver(
                mergeId,
                award.Conferred.AwardId,
                award.Conferred.InstitutionId,
                on
            )),
            .. moving.Conversions.Select(conversion => new ConversionHandedOver(
                mergeId,
                conversion.TransferId,
                conversion.InstitutionId,
                conversion.ProgrammeId,
                conversion.Lines,
                on
            )),
            .. outcomes.Select(position => new OutcomeHandedOver(
                mergeId,
                position.OutcomeId,
                position.Record.InstitutionId,
                position.Available,
                position.Revoked,
                ExpiredOf(position),
                on
            )),
        ];
        IReadOnlyList<object> taken =
        [
            .. outcomes.Select(position => Taken(mergeId, from.Id, position, on)),
            .. moving.Conversions.Select(conversion => new ConversionTakenOver(
                mergeId,
                conversion.TransferId,
                conversion.InstitutionId,
                conversion.ProgrammeId,
                conversion.Lines,
                on
            )),
            .. awards.SelectMany(award => Taken(mergeId, from.Id, award, on)),
        ];
        return (handed, taken);
    }

    private static OutcomeTakenOver Taken(string mergeId, string fromId, OutcomePosition position, LocalDate on) =>
        new(
            mergeId,
            fromId,
            position.OutcomeId,
            position.Record,
            position.Source!,
            OutcomeDecider.StateOf(position.Status),
            position.Recognition!,
            position.Available,
            position.Revoked,
            ExpiredOf(position),
            on
        );

    private static IEnumerable<object> Taken(string mergeId, string fromId, Award award, LocalDate on) =>
        [
            new AwardTakenOver(
                mergeId,
                fromId,
                award.Conferred.AwardId,
                award.Conferred.InstitutionId,
                award.State,
                award.Conferred,
                award.ConferredBy,
                award.DecidedOn,
                on
            ),
            .. award.Reviews.Select(review => new AwardReviewTakenOver(mergeId, review, on)),
        ];

    private static Worth? ExpiredOf(OutcomePosition position) => position.Expired.IsNothing ? null : position.Expired;
}
