using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Institutions;

/// <summary>
/// Decides on changes of an institution. Each has a first day, inclusive, that is today or later: what was issued
/// before stays what it is. Pure.
/// </summary>
public static class InstitutionDecider
{
    /// <summary>It may not act from a day on.</summary>
    public static Decision<InstitutionSuspended> Suspend(
        Institution institution,
        LocalDate? from,
        BilingualText reason,
        LocalDate today
    ) =>
        (MayNot(institution, from, today) ?? Busy(institution)) is { } refusal
            ? refusal
            : new InstitutionSuspended(institution.InstitutionId, from ?? today, reason);

    /// <summary>It may act again from a day on.</summary>
    public static Decision<InstitutionReinstated> Reinstate(
        Institution institution,
        LocalDate? from,
        BilingualText reason,
        LocalDate today
    ) =>
        MayNot(institution, from, today) is { } refusal ? refusal
        : institution.OpenSuspension is null ? InstitutionRefusals.State(institution.StateOn(today))
        : new InstitutionReinstated(institution.InstitutionId, from ?? today, reason);

    /// <summary>What it may issue changes from a day on.</summary>
    public static Decision<AccreditationChanged> Change(
        Institution institution,
        Accreditation accreditation,
        LocalDate? from,
        BilingualText reason,
        LocalDate today
    ) =>
        MayNot(institution, from, today) is { } refusal
            ? refusal
            : new AccreditationChanged(institution.InstitutionId, accreditation, from ?? today, reason);

    /// <summary>Another answers for it from a day on.</summary>
    public static Decision<InstitutionMerged> Merge(
        Institution institution,
        Institution? successor,
        LocalDate? from,
        BilingualText reason,
        LocalDate today
    )
    {
        if (MayNot(institution, from, today) is { } refusal)
        {
            return refusal;
        }

        var stands =
            successor is { SuccessorId: null, OpenSuspension: null }
            && successor.InstitutionId != institution.InstitutionId;
        return stands
            ? new InstitutionMerged(institution.InstitutionId, successor!.InstitutionId, from ?? today, reason)
            : InstitutionRefusals.Successor;
    }

    private static Refusal? MayNot(Institution institution, LocalDate? from, LocalDate today) =>
        institution.SuccessorId is { } successor ? InstitutionRefusals.Merged(successor)
        : from < today ? InstitutionRefusals.PastDay
        : null;

    private static Refusal? Busy(Institution institution) =>
        institution.OpenSuspension is null ? null : InstitutionRefusals.State(InstitutionStates.Suspended);
}
