using CreditBank.Ledger.Events;
using JasperFx.Events;

namespace CreditBank.Api.Programmes;

/// <summary>The newest version of a programme: the state of its stream in the registry book.</summary>
public sealed record Programme
{
    /// <summary>The stream's key.</summary>
    public required string Id { get; init; }

    /// <summary>Whose programme it is.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The institution's own id of it.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>The newest version, as it was published.</summary>
    public required ProgrammePublished Published { get; init; }

    /// <summary>The stream's version; the same as the programme's.</summary>
    public long Version { get; set; }

    /// <summary>The stream of a programme.</summary>
    public static string StreamOf(string institutionId, string programmeId) =>
        $"programme/{institutionId}/{programmeId}";

    /// <summary>The first state.</summary>
    public static Programme Create(IEvent<ProgrammePublished> published) =>
        new()
        {
            Id = published.StreamKey!,
            InstitutionId = published.Data.InstitutionId,
            ProgrammeId = published.Data.ProgrammeId,
            Published = published.Data,
        };

    /// <summary>Folds.</summary>
    public Programme Apply(ProgrammePublished published) => this with { Published = published };
}

/// <summary>One version of a programme, for good: decisions cite it. In the registry book.</summary>
public sealed record ProgrammeVersion
{
    /// <summary><see cref="IdOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>What was published.</summary>
    public required ProgrammePublished Published { get; init; }

    /// <summary>The document of a version.</summary>
    public static string IdOf(string institutionId, string programmeId, int version) =>
        $"{institutionId}/{programmeId}/{version}";
}
