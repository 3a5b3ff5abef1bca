using CreditBank.Api.Accounts;
using CreditBank.Api.Outcomes;
using CreditBank.Ledger.Events;
using CreditBank.Rules;

namespace CreditBank.Api.Evaluations;

/// <summary>
/// What the rules may know of a learner: outcomes with what is free of them, and what was granted before. Pure.
/// </summary>
public static class LearnerFacts
{
    /// <summary>The facts of outcomes of an account, in ordinal order of their ids.</summary>
    /// <param name="account">The account.</param>
    /// <param name="outcomeIds">Which; all must be there.</param>
    /// <param name="transferId">A transfer whose own holds count as free; none for a question without effect.</param>
    /// <param name="ground">Who may issue what.</param>
    public static IReadOnlyList<OutcomeFacts> Outcomes(
        Account account,
        IEnumerable<string> outcomeIds,
        string? transferId,
        EvaluationGround ground
    ) =>
        [
            .. outcomeIds
                .Order(StringComparer.Ordinal)
                .Select(id => Of(account, account.Outcomes[id], transferId, ground)),
        ];

    /// <summary>What an outcome has free: what is available and what the transfer itself holds.</summary>
    public static Ledger.Events.Worth FreeOf(OutcomePosition position, string? transferId) =>
        transferId is not null && position.Holds.TryGetValue(transferId, out var own)
            ? position.Available + own
            : position.Available;

    /// <summary>Learning agreements as the rules want them.</summary>
    public static IReadOnlyList<AgreementFacts> Agreements(IEnumerable<AgreedTerms>? agreements) =>
        [
            .. (agreements ?? []).Select(terms => new AgreementFacts(
                terms.AgreementId,
                terms.RuleSetVersion,
                terms.SourceInstitutionId,
                terms.CourseCodes,
                terms.LimitCredits
            )),
        ];

    /// <summary>What earlier conversions granted this learner in a programme, whatever its version.</summary>
    public static IReadOnlyList<GrantedLine> Granted(Account account, string institutionId, string programmeId) =>
        [
            .. account
                .Conversions.Where(conversion =>
                    conversion.InstitutionId == institutionId && conversion.ProgrammeId == programmeId
                )
                .SelectMany(conversion => conversion.Lines)
                .SelectMany(line => line.Grants.Select(grant => Of(account, line, grant))),
        ];

    private static OutcomeFacts Of(
        Account account,
        OutcomePosition position,
        string? transferId,
        EvaluationGround ground
    ) =>
        RuleFacts.Of(position.OutcomeId, position.Record) with
        {
            Available = FreeOf(position, transferId).Amount,
            Suspended = position.Status != OutcomeStatus.Recorded,
            AccreditationPeriods = ground.AccreditedFor(position.Record.InstitutionId, position.Record.Kind),
            Uses =
            [
                .. account.Conversions.SelectMany(conversion =>
                    conversion
                        .Lines.SelectMany(line => line.Debits)
                        .Where(debit => debit.OutcomeId == position.OutcomeId)
                        .Select(debit => new UseFacts(
                            conversion.InstitutionId,
                            conversion.ProgrammeId,
                            debit.Total.Amount,
                            IsConferred(account, conversion)
                        ))
                ),
            ],
        };

    /// <summary>Whether an award stands for which a conversion was used up (RK-43).</summary>
    private static bool IsConferred(Account account, CreditConverted conversion) =>
        account.Awards.Values.Any(award => award.Stands && award.Conferred.TransferIds.Contains(conversion.TransferId));

    private static GrantedLine Of(Account account, ConvertedLine line, Grant grant)
    {
        var sources = line.Debits.Select(debit => account.Outcomes[debit.OutcomeId].Record).ToList();
        var first = sources.FirstOrDefault();
        return new GrantedLine
        {
            Kind = first?.Kind,
            Category = grant.Category,
            InstitutionId = first?.InstitutionId,
            CourseCodes = grant.CourseCode.Length == 0 ? [] : [grant.CourseCode],
            OutcomeIds = [.. line.Debits.Select(debit => debit.OutcomeId)],
            Credits = grant.Amount,
            Level = grant.Level,
            Compulsory = grant.Compulsory,
            CompletedOn = first?.CompletedOn,
            CoversCourseCodes = grant.Covers ?? [],
        };
    }
}
