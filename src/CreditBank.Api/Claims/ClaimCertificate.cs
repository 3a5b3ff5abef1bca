using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Kernel.Identifiers;
using CreditBank.Rules;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Claims;

/// <summary>Claims a certificate for a learner.</summary>
public sealed record ClaimCertificate
{
    /// <summary>The provider that claims: the caller's own institution. Missing when the learner claims.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The claimant's own id of this claim; the same one again is the same claim.</summary>
    public required string RecordId { get; init; }

    /// <summary>Whose certificate it is.</summary>
    public required LearnerBody Learner { get; init; }

    /// <summary>
    /// <c>qualificationCertificate</c> (also when missing), <c>xCertificate</c> or <c>training</c>.
    /// </summary>
    public string? Kind { get; init; }

    /// <summary>The certificate.</summary>
    public required CertificateBody Certificate { get; init; }

    /// <summary>What supports it; each piece uploaded before.</summary>
    public IReadOnlyList<EvidenceItemBody>? Evidence { get; init; }

    internal string KindOrDefault => Kind ?? OutcomeKinds.QualificationCertificate;

    internal IReadOnlyList<EvidenceItemBody> EvidenceOrNone => Evidence ?? [];
}

/// <summary>What a certificate says about itself.</summary>
public sealed record CertificateBody
{
    /// <summary>Its number as printed. Kept sealed; shown only to those who may see the claim.</summary>
    public required string Number { get; init; }

    /// <summary>Its code in the directory of certificates, such as <c>web-frontend</c>.</summary>
    public required string Code { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its level as printed, such as <c>intermediate</c>: a text or a whole number.</summary>
    public StatedLevel? Level { get; init; }

    /// <summary>The institution that issued it.</summary>
    public required string IssuerId { get; init; }

    /// <summary>The day of issue.</summary>
    public required LocalDate IssuedOn { get; init; }

    /// <summary>The last day of validity, inclusive; missing means for ever.</summary>
    public LocalDate? ValidUntil { get; init; }
}

/// <summary>A piece of evidence that a claim cites.</summary>
public sealed record EvidenceItemBody
{
    /// <summary>SHA-256 of its bytes, as it was uploaded.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its media type, such as <c>application/pdf</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>What it is, for people.</summary>
    public string? Title { get; init; }
}

/// <summary>The shape of a claim: the wrong fields, all of them.</summary>
public sealed class ClaimCertificateValidator : AbstractValidator<ClaimCertificate>
{
    /// <summary>The kinds of outcome a certificate can become.</summary>
    public static readonly IReadOnlyList<string> Kinds =
    [
        OutcomeKinds.QualificationCertificate,
        OutcomeKinds.XCertificate,
        OutcomeKinds.Training,
    ];

    private const int EvidenceMax = 20;

    /// <summary>The rules.</summary>
    public ClaimCertificateValidator()
    {
        RuleFor(command => command.ProviderId!).Slug().When(command => command.ProviderId is not null);
        RuleFor(command => command.RecordId).Text(RecordBodyValidator.RecordIdLengthMax);
        NoIdentityNumber(RuleFor(command => command.RecordId));
        RuleFor(command => command.Learner).SetValidator(new LearnerBodyValidator());
        RuleFor(command => command.Kind!).OneOf(Kinds).When(command => command.Kind is not null);
        RuleFor(command => command.Certificate).SetValidator(new CertificateValidator());
        RuleFor(command => command.Evidence)
            .Must(evidence => evidence is null || evidence.Count <= EvidenceMax)
            .Says("field.count", $"至多 {EvidenceMax} 份材料。", $"At most {EvidenceMax} pieces.");
        RuleForEach(command => command.Evidence).SetValidator(new EvidenceItemValidator());
    }

    private static void NoIdentityNumber<T>(IRuleBuilder<T, string> rule) =>
        rule.Must(text => text is null || !IdentityNumberScan.LooksLikeIdentityNumber(text))
            .Says("field.identityNumber", "不得含有证件号码。", "Must not hold an identity number.");

    private sealed class CertificateValidator : AbstractValidator<CertificateBody>
    {
        public CertificateValidator()
        {
            RuleFor(body => body.Number)
                .Must(number => FieldRules.IsText(number, 64) && number.Any(char.IsLetterOrDigit))
                .Says("certificate.number", "不是证书编号。", "Not a number of a certificate.");
            RuleFor(body => body.Code).Text(64);
            NoIdentityNumber(RuleFor(body => body.Code));
            RuleFor(body => body.Title).Text(200);
            NoIdentityNumber(RuleFor(body => body.Title));
            RuleFor(body => body.Level)
                .Must(level => level is not { } stated || FieldRules.IsText(stated.Text, 32))
                .Says(
                    "field.text",
                    "须为 1 至 32 个字符，不含控制符。",
                    "Must be 1 to 32 characters without controls."
                );
            RuleFor(body => body.IssuerId).Slug();
            RuleFor(body => body.IssuedOn)
                .Must(on => on >= BankCalendar.EarliestOn)
                .Says("certificate.issuedOn", "颁发日期过早。", "The day of issue is too long ago to be right.");
            RuleFor(body => body.ValidUntil)
                .Must((body, until) => until is null || until >= body.IssuedOn)
                .Says("field.period", "有效期止须不早于颁发日期。", "It cannot end before it was issued.");
        }
    }

    private sealed class EvidenceItemValidator : AbstractValidator<EvidenceItemBody>
    {
        public EvidenceItemValidator()
        {
            RuleFor(item => item.Sha256)
                .Must(EvidenceStore.IsHash)
                .Says("evidence.name", "须为 64 位小写十六进制。", "Must be 64 lower-case hexadecimal digits.");
            RuleFor(item => item.MediaType)
                .Must(IsMediaType)
                .Says("evidence.mediaType", "不是媒体类型。", "Not a media type.");
            RuleFor(item => item.Title).OptionalText(200);
        }

        /// <summary>Type and subtype (RFC 6838, 4.2), without parameters.</summary>
        private static bool IsMediaType(string? text) =>
            text is { Length: <= 127 }
            && text.Split('/') is [var type, var subtype]
            && type.Length > 0
            && subtype.Length > 0
            && text.All(character =>
                char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '+' or '-' or '_'
            );
    }
}

/// <summary>Takes claims in.</summary>
public static class ClaimCertificateEndpoint
{
    /// <summary>
    /// A provider claims for its learners, or a learner for the own account. The same record id with the same content
    /// again answers with the claim there is.
    /// </summary>
    [WolverinePost("/v1/certificate-claims", OperationId = "claimCertificate")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(
        409,
        "account.erased",
        "account.merged",
        "institution.merged",
        "institution.suspended",
        "claim.duplicate",
        "record.conflict"
    )]
    [Refuses(
        422,
        "claim.accountUnknown",
        "claim.accreditationPeriod",
        "claim.accreditationScope",
        "claim.issuedLater",
        "claim.issuerUnknown",
        "claim.nameMismatch",
        "claim.providerUnknown",
        "evidence.missing"
    )]
    [ProducesResponseType<ClaimBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ClaimBody>(StatusCodes.Status201Created)]
    public static Task<IResult> Post(
        ClaimCertificate command,
        HttpContext http,
        [NotBody] ClaimSubmission submission,
        CancellationToken cancellation
    ) => submission.Submit(command, http, cancellation);
}
