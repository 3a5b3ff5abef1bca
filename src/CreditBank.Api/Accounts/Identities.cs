using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel.Identifiers;
using FluentValidation;

namespace CreditBank.Api.Accounts;

/// <summary>How a caller names a person's document.</summary>
public sealed record IdentityBody
{
    /// <summary><c>residentId</c>, <c>passport</c>, <c>permanentResidence</c> or <c>institutional</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The number as printed.</summary>
    public required string Number { get; init; }

    /// <summary>The institution whose number it is; with <c>institutional</c>, and only then.</summary>
    public string? InstitutionId { get; init; }
}

/// <summary>Checks and normalises identities.</summary>
public static class Identities
{
    /// <summary>A number of the resident identity card (GB 11643).</summary>
    public const string ResidentIdType = "residentId";

    /// <summary>A passport's number.</summary>
    public const string PassportType = "passport";

    /// <summary>A number of the foreign permanent resident card.</summary>
    public const string PermanentResidenceType = "permanentResidence";

    /// <summary>A number of one institution, valid only with it.</summary>
    public const string InstitutionalType = "institutional";

    /// <summary>All types.</summary>
    public static readonly IReadOnlyList<string> Types =
    [
        ResidentIdType,
        PassportType,
        PermanentResidenceType,
        InstitutionalType,
    ];

    /// <summary>The normalised identity; none when the number is not one of its type.</summary>
    public static PersonIdentity? Normalise(IdentityBody body) =>
        body.Type switch
        {
            ResidentIdType when ResidentId.TryParse(body.Number, out var id, out _) => Of(body, id.Value),
            PassportType when PassportNumber.TryParse(body.Number, out var number, out _) => Of(body, number.Value),
            PermanentResidenceType when PermanentResidenceNumber.TryParse(body.Number, null, out var number, out _) =>
                Of(body, number.Value),
            InstitutionalType when FieldRules.IsSlug(body.Number) && FieldRules.IsSlug(body.InstitutionId) =>
                new PersonIdentity(body.Type, body.Number, body.InstitutionId),
            _ => null,
        };

    /// <summary>How sure an identity of this kind is, as <c>AccountOpened</c> names it.</summary>
    public static string ProofOf(PersonIdentity identity) =>
        identity.Type == InstitutionalType ? "institution" : "document";

    private static PersonIdentity Of(IdentityBody body, string number) => new(body.Type, number, null);
}

/// <summary>The rules of an identity in a body.</summary>
public sealed class IdentityBodyValidator : AbstractValidator<IdentityBody>
{
    /// <summary>The rules.</summary>
    public IdentityBodyValidator()
    {
        RuleFor(body => body.Type).OneOf(Identities.Types);
        RuleFor(body => body.Number)
            .Must((body, _) => !Identities.Types.Contains(body.Type) || Identities.Normalise(body) is not null)
            .Says("identity.number", "证件号码无效。", "Not a valid number of its type.");
        RuleFor(body => body.InstitutionId)
            .Must((body, institution) => (body.Type == Identities.InstitutionalType) == (institution is not null))
            .Says(
                "identity.institution",
                "仅机构内部编号须写明机构。",
                "Required with an institutional number, and only then."
            );
    }
}
