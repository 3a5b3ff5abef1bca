using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>An account's transfers as they were known at an instant, and as they stood on a day.</summary>
internal static class PastTransfers
{
    /// <summary>
    /// The transfers that there were then, each as it stood, the oldest first; those of accounts that were merged into
    /// it then among them.
    /// </summary>
    /// <param name="books">The books.</param>
    /// <param name="accountId">The account.</param>
    /// <param name="asOf">The instant and the day, both inclusive.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<IReadOnlyList<Transfer>> ReadAsync(
        LedgerBooks books,
        string accountId,
        AsOf asOf,
        CancellationToken cancellation
    )
    {
        await using var own = books.Read(books.BookOf(accountId));
        var events = await own.Events.FetchStreamAsync(accountId, token: cancellation);
        var found = new List<Transfer>();
        foreach (var account in AccountsAt(accountId, events, asOf))
        {
            await using var session = books.Read(books.BookOf(account));
            found.AddRange(await ReadAsync(session, account, asOf, cancellation));
        }

        return [.. found.OrderBy(transfer => transfer.Place, StringComparer.Ordinal)];
    }

    /// <summary>The account, and those it had taken over then and not given back. Pure.</summary>
    public static IReadOnlyList<string> AccountsAt(string accountId, IReadOnlyList<IEvent> events, AsOf asOf)
    {
        List<string> accounts = [accountId];
        foreach (var @event in events)
        {
            if (Instant.FromDateTimeOffset(@event.Timestamp) > asOf.KnownAt)
            {
                continue;
            }

            switch (@event.Data)
            {
                case AccountsMerged merged
                    when merged.SurvivorId == accountId && !(merged.EffectiveOn > asOf.EffectiveOn):
                    accounts.Add(merged.AbsorbedId);
                    break;
                case AccountsUnmerged unmerged when !(unmerged.EffectiveOn > asOf.EffectiveOn):
                    accounts.Remove(unmerged.AbsorbedId);
                    break;
            }
        }

        return accounts;
    }

    private static async Task<IReadOnlyList<Transfer>> ReadAsync(
        IQuerySession session,
        string accountId,
        AsOf asOf,
        CancellationToken cancellation
    )
    {
        var ids = await session
            .Query<Transfer>()
            .Where(transfer => transfer.AccountId == accountId)
            .Select(transfer => transfer.Id)
            .ToListAsync(cancellation);
        var found = new List<Transfer>();
        foreach (var id in ids)
        {
            var version = VersionAt(await session.Events.FetchStreamAsync(id, token: cancellation), asOf);
            if (version > 0)
            {
                found.Add((await session.Events.AggregateStreamAsync<Transfer>(id, version, token: cancellation))!);
            }
        }

        return found;
    }

    /// <summary>
    /// How far a stream had come: always a prefix, as on an account. 0 when there was nothing yet. Pure.
    /// </summary>
    public static long VersionAt(IReadOnlyList<IEvent> events, AsOf asOf)
    {
        var (version, latest, lastOn) = (0L, Instant.MinValue, LocalDate.MinIsoValue);
        foreach (var @event in events)
        {
            latest = Instant.Max(latest, Instant.FromDateTimeOffset(@event.Timestamp));
            lastOn = LocalDate.Max(lastOn, DayOf(@event.Data) ?? BankCalendar.DayOf(latest));
            if (latest > asOf.KnownAt || lastOn > asOf.EffectiveOn)
            {
                break;
            }

            version = @event.Version;
        }

        return version;
    }

    /// <summary>The day an event names; what names none happened on the day it was recorded.</summary>
    private static LocalDate? DayOf(object data) =>
        data switch
        {
            TransferSubmitted submitted => submitted.SubmittedOn,
            TransferApproved approved => approved.DecidedOn,
            TransferReturned returned => returned.DecidedOn,
            TransferRejected rejected => rejected.DecidedOn,
            TransferWithdrawn withdrawn => withdrawn.WithdrawnOn,
            TransferLapsed lapsed => lapsed.LapsedOn,
            TransferLinesVoided voided => voided.VoidedOn,
            _ => null,
        };
}
