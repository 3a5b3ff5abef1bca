using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Institutions;
using CreditBank.Api.Transfers;
using Marten;

namespace CreditBank.Api.Notices;

/// <summary>Finds who has a stake in an account, or depends on an institution. Read for rare events only.</summary>
internal static class Stakeholders
{
    /// <summary>Those who issued what is in an account, and those who granted credit for it.</summary>
    public static async Task<Concerned> OfAccount(
        IQuerySession session,
        string accountId,
        CancellationToken cancellation
    )
    {
        var account =
            await session.Events.AggregateStreamAsync<Account>(accountId, token: cancellation)
            ?? throw new InvalidOperationException($"{accountId} has events and is not there.");
        var institutions = account
            .Outcomes.Values.Select(position => position.Record.InstitutionId)
            .Concat(account.Conversions.Select(conversion => conversion.InstitutionId));
        return new Concerned(accountId, null, InOrder(institutions));
    }

    /// <summary>An institution, its successor, and those with whom it has open transfers in either direction.</summary>
    /// <param name="registry">Reads the registry book.</param>
    /// <param name="streamId">The institution's stream.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<Concerned> OfInstitution(
        IQuerySession registry,
        string streamId,
        CancellationToken cancellation
    )
    {
        var institution =
            await registry.LoadAsync<Institution>(streamId, cancellation)
            ?? throw new InvalidOperationException($"{streamId} has events and is not there.");
        var own = institution.InstitutionId;
        var open = await LedgerBooks
            .QueryLearnerBooks<Transfer>(registry)
            .Where(transfer => transfer.State.IsOneOf(TransferStates.Evaluated, TransferStates.InformationRequested))
            .Where(transfer => transfer.InstitutionId == own || transfer.IssuerIds.Contains(own))
            .Select(transfer => new { transfer.InstitutionId, transfer.IssuerIds })
            .ToListAsync(cancellation);
        var others = open.SelectMany(transfer =>
            transfer.InstitutionId == own ? transfer.IssuerIds : [transfer.InstitutionId]
        );
        return new Concerned(null, own, InOrder(others.Concat(SuccessorOf(institution))));
    }

    private static string[] SuccessorOf(Institution institution) =>
        institution.SuccessorId is { } successor ? [successor] : [];

    private static IReadOnlyList<string> InOrder(IEnumerable<string> institutions) =>
        [.. institutions.Distinct().Order(StringComparer.Ordinal)];
}
