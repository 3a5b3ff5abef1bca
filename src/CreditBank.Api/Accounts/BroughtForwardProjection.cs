using System.Text.Json;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.Accounts;

/// <summary>
/// Keeps what each full page of an account's stream brings forward: what the page before brought, and the page's
/// events. Most readings have nothing for it: their accounts are short.
/// </summary>
public sealed class BroughtForwardProjection : IProjection
{
    /// <inheritdoc/>
    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var full = events
            .Where(e => BroughtForward.IsFoot(e.StreamKey!, e.Version))
            .Select(e => e.StreamKey!)
            .ToHashSet(StringComparer.Ordinal);
        if (full.Count == 0)
        {
            return;
        }

        var accounts = events
            .Where(e => full.Contains(e.StreamKey!))
            .GroupBy(e => e.StreamKey!, StringComparer.Ordinal)
            .ToDictionary(seen => seen.Key, seen => seen.ToList(), StringComparer.Ordinal);
        var sums = await Begin(operations, accounts, cancellation);
        foreach (var (accountId, seen) in accounts)
        {
            foreach (var e in seen.Where(e => BroughtForward.Reads(e.EventType, e.Version)))
            {
                sums[accountId].Take(e.Data, e.Version, Instant.FromDateTimeOffset(e.Timestamp));
                if (BroughtForward.IsFoot(accountId, e.Version))
                {
                    operations.Store(sums[accountId].Copy());
                }
            }
        }
    }

    /// <summary>
    /// The sums of everything before the events that were seen: what the page before brings forward, or where nothing
    /// is kept of it, nothing; and the events between.
    /// </summary>
    private static async Task<Dictionary<string, BroughtForward>> Begin(
        IDocumentOperations operations,
        Dictionary<string, List<IEvent>> accounts,
        CancellationToken cancellation
    )
    {
        var keys = accounts.Select(account =>
            BroughtForward.KeyOf(account.Key, StreamPage.FootBefore(account.Value[0].Version))
        );
        var kept = await operations.LoadManyAsync<BroughtForward>(cancellation, keys);
        var sums = kept.ToDictionary(before => before.AccountId, StringComparer.Ordinal);
        foreach (var accountId in accounts.Keys)
        {
            sums.TryAdd(accountId, new BroughtForward { AccountId = accountId });
        }

        await ReadBetween(operations, accounts, sums, cancellation);
        return sums;
    }

    private static async Task ReadBetween(
        IDocumentOperations operations,
        Dictionary<string, List<IEvent>> accounts,
        Dictionary<string, BroughtForward> sums,
        CancellationToken cancellation
    )
    {
        var open = accounts.Where(account => sums[account.Key].LastVersion + 1 < account.Value[0].Version).ToList();
        if (open.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(SqlOf(operations.TenantId))
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = operations.TenantId },
                new NpgsqlParameter<string[]> { TypedValue = [.. open.Select(account => account.Key)] },
                new NpgsqlParameter<long[]> { TypedValue = [.. open.Select(account => sums[account.Key].LastVersion)] },
                new NpgsqlParameter<long[]> { TypedValue = [.. open.Select(account => account.Value[0].Version)] },
            },
        };
        await using var reader = await operations.ExecuteReaderAsync(command, cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (type, version) = (EventCatalogue.TypesByName[reader.GetString(2)], reader.GetInt64(1));
            if (BroughtForward.Reads(type, version))
            {
                var data = JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(4), type, LedgerJson.Options);
                var recordedAt = StoredInstant.FromMicroseconds(reader.GetInt64(3));
                sums[reader.GetString(0)].Take(data, version, recordedAt);
            }
        }
    }

    /// <summary>Each stream's events are looked up by its key, whatever the database knows of its tables.</summary>
    private static string SqlOf(string book) =>
        $"""
            select account.id, e.version, e.type, (extract(epoch from e.timestamp) * 1000000)::bigint, e.data::text
            from unnest($2::varchar[], $3::bigint[], $4::bigint[]) as account(id, after, before)
            cross join lateral (
                select version, type, timestamp, data from {Storage.Schema}.mt_events_{book}
                where tenant_id = $1 and stream_id = account.id and version > account.after and version < account.before
                offset 0
            ) e
            order by 1, 2
            """;
}
