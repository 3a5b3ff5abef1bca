using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Institutions;
using CreditBank.Api.Merges;
using CreditBank.Api.Transfers;
using CreditBank.Ledger.Events;
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

    /// <summary>
    /// The events with the institutions that had granted credit for the outcomes they change, as it was when each was
    /// committed: what the change itself takes back counts. Only accounts that ever asked for a transfer, or took
    /// another account over, are looked at.
    /// </summary>
    public static async Task<IReadOnlyList<ToldEvent>> WithGrantersAsync(
        IQuerySession session,
        IReadOnlyList<ToldEvent> events,
        CancellationToken cancellation
    )
    {
        string[] accounts = [.. events.Where(NoticeRules.NeedsGranters).Select(told => told.StreamId).Distinct()];
        if (accounts.Length == 0)
        {
            return events;
        }

        var asked = await session
            .Query<Transfer>()
            .Where(transfer => transfer.AccountId.IsOneOf(accounts))
            .Select(transfer => transfer.AccountId)
            .ToListAsync(cancellation);
        var survivors = await session
            .Query<AccountMerge>()
            .Where(merge => merge.SurvivorId.IsOneOf(accounts))
            .Select(merge => merge.SurvivorId)
            .ToListAsync(cancellation);
        var looked = asked.Concat(survivors).ToHashSet();
        var found = new List<ToldEvent>();
        foreach (var told in events)
        {
            found.Add(
                NoticeRules.NeedsGranters(told) && looked.Contains(told.StreamId)
                    ? told with
                    {
                        GranterIds = await GrantersAsync(session, told, cancellation),
                    }
                    : told
            );
        }

        return found;
    }

    /// <summary>Those whose conversions rested on the outcome before the commit that changed it.</summary>
    private static async Task<IReadOnlyList<string>> GrantersAsync(
        IQuerySession session,
        ToldEvent told,
        CancellationToken cancellation
    )
    {
        var events = await session.Events.FetchStreamAsync(told.StreamId, told.Version, token: cancellation);
        var committed = events[^1].Timestamp;
        var before = events.Count - events.Reverse().TakeWhile(one => one.Timestamp == committed).Count();
        var account = await session.Events.AggregateStreamAsync<Account>(told.StreamId, before, token: cancellation);
        return InOrder(
            (account?.Conversions ?? [])
                .Where(conversion => conversion.Lines.Any(line => line.Debits.Any(IsOfOutcome)))
                .Select(conversion => conversion.InstitutionId)
        );

        bool IsOfOutcome(Debit debit) => debit.OutcomeId == told.OutcomeId;
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
