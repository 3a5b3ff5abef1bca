using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using JasperFx.Events;

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

    /// <summary>What it may issue, and when.</summary>
    public required Accreditation Accreditation { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

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
}
