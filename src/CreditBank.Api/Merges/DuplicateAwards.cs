using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;

namespace CreditBank.Api.Merges;

/// <summary>Two awards of one programme, of which each account had one.</summary>
/// <param name="AwardId">The one the absorbed account brought.</param>
/// <param name="OtherAwardId">The survivor's own.</param>
/// <param name="InstitutionId">Who conferred both.</param>
/// <param name="ProgrammeId">The programme.</param>
public sealed record DuplicateAward(string AwardId, string OtherAwardId, string InstitutionId, string ProgrammeId);

/// <summary>
/// Finds awards that one person was given twice because there were two accounts. Nothing is decided on them here: only
/// the institution takes an award back. Pure.
/// </summary>
internal static class DuplicateAwards
{
    /// <summary>The pairs that stand, in ordinal order; none once a merge was declined or undone.</summary>
    /// <param name="merge">The merge.</param>
    /// <param name="survivor">The account that goes on.</param>
    /// <param name="absorbed">The account that would end, while the merge is proposed.</param>
    public static IReadOnlyList<DuplicateAward> Of(AccountMerge merge, Account survivor, Account? absorbed)
    {
        var brought =
            absorbed?.Awards.Values ?? survivor.Awards.Values.Where(award => Came(survivor, award) == merge.Id);
        var own = survivor.Awards.Values.Where(award => award.Stands && Came(survivor, award) is null).ToLookup(KeyOf);
        return
        [
            .. brought
                .Where(award => award.Stands)
                .SelectMany(award => own[KeyOf(award)].Select(other => PairOf(award, other)))
                .OrderBy(pair => pair.AwardId, StringComparer.Ordinal)
                .ThenBy(pair => pair.OtherAwardId, StringComparer.Ordinal),
        ];
    }

    private static string? Came(Account survivor, Award award) =>
        survivor.TakenOverAwards.GetValueOrDefault(award.Conferred.AwardId);

    private static (string, string) KeyOf(Award award) => (award.Conferred.InstitutionId, award.Conferred.ProgrammeId);

    private static DuplicateAward PairOf(Award award, Award other) =>
        new(
            award.Conferred.AwardId,
            other.Conferred.AwardId,
            award.Conferred.InstitutionId,
            award.Conferred.ProgrammeId
        );
}
