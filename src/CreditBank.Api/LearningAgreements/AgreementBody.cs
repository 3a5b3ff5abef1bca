using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.LearningAgreements;

/// <summary>A learning agreement.</summary>
public sealed record AgreementBody
{
    /// <summary>The agreement.</summary>
    public required string AgreementId { get; init; }

    /// <summary><c>proposed</c>, <c>approved</c>, <c>rejected</c> or <c>withdrawn</c>.</summary>
    public required string State { get; init; }

    /// <summary>The learner's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The receiving institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The programme.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>Where the learning takes place.</summary>
    public required AgreementSourceBody Source { get; init; }

    /// <summary>The most that is guaranteed, in standard credit; missing means no limit.</summary>
    public Credits? LimitCredits { get; init; }

    /// <summary>The version of the rules that binds.</summary>
    public required string RuleSetVersion { get; init; }

    /// <summary>The last day, inclusive, on which a transfer can rest on it.</summary>
    public required LocalDate Until { get; init; }

    /// <summary>The day it was proposed.</summary>
    public required LocalDate ProposedOn { get; init; }

    /// <summary>The day of the decision.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>Words of the learner; left out of lists.</summary>
    public string? Text { get; init; }

    /// <summary>Words of the decision; left out of lists.</summary>
    public string? Reason { get; init; }

    /// <summary>The body of an agreement.</summary>
    /// <param name="agreement">The agreement.</param>
    /// <param name="words">The vault's words by note id; what is not there is left out.</param>
    public static AgreementBody Of(LearningAgreement agreement, IReadOnlyDictionary<string, string> words)
    {
        var proposed = agreement.Proposed;
        return new AgreementBody
        {
            AgreementId = agreement.Id,
            State = agreement.State,
            AccountId = agreement.AccountId,
            InstitutionId = agreement.InstitutionId,
            ProgrammeId = agreement.ProgrammeId,
            Source = new AgreementSourceBody
            {
                InstitutionId = proposed.Terms.SourceInstitutionId,
                CourseCodes = proposed.Terms.CourseCodes,
            },
            LimitCredits = proposed.Terms.LimitCredits,
            RuleSetVersion = proposed.Terms.RuleSetVersion,
            Until = proposed.UntilOn,
            ProposedOn = proposed.ProposedOn,
            DecidedOn = agreement.DecidedOn,
            Text = proposed.NoteId is { } text ? words.GetValueOrDefault(text) : null,
            Reason = agreement.NoteId is { } reason ? words.GetValueOrDefault(reason) : null,
        };
    }
}

/// <summary>Where learning takes place.</summary>
public sealed record AgreementSourceBody
{
    /// <summary>The institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>Its courses or certificates, 0 to 50; missing or none means all of them.</summary>
    public IReadOnlyList<string>? CourseCodes { get; init; }
}
