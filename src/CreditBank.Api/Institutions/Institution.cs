using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;
using Period = CreditBank.Kernel.Period;

namespace CreditBank.Api.Institutions;

/// <summary>An institution as it stands: the state of its stream in the registry book.</summary>
public sealed record Institution
{
    /// <summary>The stream's key: <c>institution/</c> and the institution's id.</summary>
    public required string Id { get; init; }

    /// <summary>The institution's own id.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>Its name.</summary>
    public required BilingualText Name { get; init; }

    /// <summary>What it is.</summary>
    public required string Kind { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    /// <summary>GB 32100; none abroad.</summary>
    public string? UnifiedSocialCreditCode { get; init; }

    /// <summary>What it was registered with; <see cref="Accredited"/> tells what holds.</summary>
    public required Accreditation Accreditation { get; init; }

    /// <summary>What changed of that, in order.</summary>
    public IReadOnlyList<AccreditationChanged> Changes { get; init; } = [];

    /// <summary>When it may not act: from inclusive, to exclusive; an open end lasts until it is reinstated.</summary>
    public IReadOnlyList<Period> Suspensions { get; init; } = [];

    /// <summary>The institution it became part of; none while it stands for itself.</summary>
    public string? SuccessorId { get; init; }

    /// <summary>The first day on which the successor answers for it, inclusive.</summary>
    public LocalDate? MergedOn { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>What it may issue, day by day.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public AccreditationHistory Accredited => new(Accreditation, Changes);

    /// <summary>The suspension that has no end yet; none when there is none.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Period? OpenSuspension => Suspensions.FirstOrDefault(period => period.ToOn is null);

    /// <summary>One of <see cref="InstitutionStates"/> on a day in Shanghai.</summary>
    public string StateOn(LocalDate day) =>
        MergedOn <= day ? InstitutionStates.Merged
        : Suspensions.Any(period => period.Contains(day)) ? InstitutionStates.Suspended
        : InstitutionStates.Active;

    /// <summary>
    /// Why it may do nothing at all on a day, not even give back what waits: another answers for it. None otherwise.
    /// </summary>
    public Refusal? IsNoMore(LocalDate day) =>
        StateOn(day) == InstitutionStates.Merged ? InstitutionRefusals.Merged(SuccessorId!) : null;

    /// <summary>Why it may not record, claim or receive on a day; none when it may.</summary>
    public Refusal? MayNotAct(LocalDate day) =>
        StateOn(day) switch
        {
            InstitutionStates.Merged => InstitutionRefusals.Merged(SuccessorId!),
            InstitutionStates.Suspended => InstitutionRefusals.Suspended,
            _ => null,
        };

    /// <summary>The stream of an institution.</summary>
    public static string StreamOf(string institutionId) => $"institution/{institutionId}";

    /// <summary>The first state.</summary>
    public static Institution Create(IEvent<InstitutionRegistered> registered) =>
        new()
        {
            Id = registered.StreamKey!,
            InstitutionId = registered.Data.InstitutionId,
            Name = registered.Data.Name,
            Kind = registered.Data.Kind,
            Country = registered.Data.Country,
            UnifiedSocialCreditCode = registered.Data.UnifiedSocialCreditCode,
            Accreditation = registered.Data.Accreditation,
        };

    /// <summary>Folds.</summary>
    public Institution Apply(InstitutionSuspended suspended) =>
        this with
        {
            Suspensions = [.. Suspensions, new Period(suspended.FromOn, null)],
        };

    /// <summary>Folds. Taken back before its first day, a suspension never was.</summary>
    public Institution Apply(InstitutionReinstated reinstated) =>
        this with
        {
            Suspensions =
            [
                .. Suspensions
                    .Select(period => period.ToOn is null ? period with { ToOn = reinstated.FromOn } : period)
                    .Where(period => !period.IsEmpty),
            ],
        };

    /// <summary>Folds.</summary>
    public Institution Apply(AccreditationChanged changed) => this with { Changes = [.. Changes, changed] };

    /// <summary>Folds.</summary>
    public Institution Apply(InstitutionMerged merged) =>
        this with
        {
            SuccessorId = merged.SuccessorId,
            MergedOn = merged.FromOn,
        };
}

/// <summary>The states of an institution.</summary>
public static class InstitutionStates
{
    /// <summary>It acts.</summary>
    public const string Active = "active";

    /// <summary>It may not record, claim or receive for a time.</summary>
    public const string Suspended = "suspended";

    /// <summary>It became part of another.</summary>
    public const string Merged = "merged";
}

/// <summary>The refusals of institutions, worded once.</summary>
internal static class InstitutionRefusals
{
    /// <summary>It may not act for a time: 409.</summary>
    public static readonly Refusal Suspended = new(
        "institution.suspended",
        RefusalKind.Conflict,
        new BilingualText("该机构已被暂停。", "The institution is suspended.")
    )
    {
        State = InstitutionStates.Suspended,
    };

    /// <summary>Another answers for it: 409, with the successor.</summary>
    public static Refusal Merged(string successorId) =>
        new(
            "institution.merged",
            RefusalKind.Conflict,
            new BilingualText(
                $"该机构已并入 {successorId}，由其办理。",
                $"The institution became part of {successorId}, which acts for it."
            )
        )
        {
            State = successorId,
        };

    /// <summary>Not in this state: 409.</summary>
    public static Refusal State(string state) =>
        new(
            "institution.state",
            RefusalKind.Conflict,
            new BilingualText(
                $"机构现为“{state}”，不能如此处理。",
                $"The institution is {state}; this cannot be done now."
            )
        )
        {
            State = state,
        };

    /// <summary>A change is for today or later: 422.</summary>
    public static readonly Refusal PastDay = new(
        "institution.pastDay",
        RefusalKind.Rule,
        new BilingualText("生效日不得早于今天。", "The first day must be today or later.")
    )
    {
        Pointer = "/from",
    };

    /// <summary>The successor must be another institution that is active and has no successor itself: 422.</summary>
    public static readonly Refusal Successor = new(
        "institution.successor",
        RefusalKind.Rule,
        new BilingualText(
            "承接机构须为另一所在册且正常的机构。",
            "The successor must be another institution that is active."
        )
    )
    {
        Pointer = "/successorId",
    };
}
