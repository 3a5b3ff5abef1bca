using CreditBank.Ledger.Events;
using Marten.Events.Projections;

namespace CreditBank.Api.Programmes;

/// <summary>Keeps every version of every programme.</summary>
internal sealed partial class ProgrammeVersions : EventProjection
{
    /// <summary>A rebuild starts from nothing.</summary>
    public ProgrammeVersions() => Options.DeleteViewTypeOnTeardown<ProgrammeVersion>();

    /// <summary>The version an event published.</summary>
    public static ProgrammeVersion Create(ProgrammePublished published) =>
        new()
        {
            Id = ProgrammeVersion.IdOf(published.InstitutionId, published.ProgrammeId, published.Version),
            Published = published,
        };
}
