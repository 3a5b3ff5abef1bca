using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger;
using CreditBank.Ledger.Journal;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using NodaTime;

namespace CreditBank.Api.Accounts;

/// <summary>
/// What one stretch of an account's stream added to its balances, in the account's book: the sums of that stretch
/// alone, so that none depends on another. The first stretch has none: most accounts are no longer than that.
/// </summary>
public sealed class BalanceSegment : Balances
{
    /// <summary>How many versions of a stream are one stretch.</summary>
    public const int Length = 32;

    /// <summary>The stream's key and the number of the stretch: <c>acc-7f-…/3</c>.</summary>
    public string Id { get; set; } = string.Empty;

    /// <summary>The version of the last event that was taken in.</summary>
    public long LastVersion { get; set; }

    /// <summary>
    /// The latest instant at which one of them was recorded, in microseconds since 1970. Transactions that overlap may
    /// have begun in the other order, so it need not be that of the last one.
    /// </summary>
    public long LatestMicroseconds { get; set; }

    /// <summary>Where an event's sums belong; none for the first stretch.</summary>
    /// <param name="streamKey">The account.</param>
    /// <param name="version">The event's place in the stream, from 1.</param>
    public static string? KeyOf(string streamKey, long version) =>
        version <= Length ? null : $"{streamKey}/{(version - 1) / Length}";

    /// <summary>Takes an event in.</summary>
    /// <param name="data">The event; none when it moves no credit.</param>
    /// <param name="version">Its place in the stream.</param>
    /// <param name="recordedAt">When it was recorded.</param>
    public void Add(object? data, long version, Instant recordedAt)
    {
        LastVersion = version;
        LatestMicroseconds = Math.Max(LatestMicroseconds, StoredInstant.ToMicroseconds(recordedAt));
        if (data is not null)
        {
            Add(data);
        }
    }
}

/// <summary>
/// Adds up each stretch of an account's stream. Most pages have nothing for it: their accounts are short.
/// </summary>
public sealed class BalanceSegmentProjection : IProjection
{
    private static readonly HashSet<Type> Read = [.. DoubleEntry.MovingTypes, .. EventCatalogue.StandingAlone];

    /// <inheritdoc/>
    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var keyed = events
            .Where(e => Read.Contains(e.EventType))
            .Select(e => (Key: BalanceSegment.KeyOf(e.StreamKey!, e.Version), Event: e))
            .Where(pair => pair.Key is not null)
            .GroupBy(pair => pair.Key!, pair => pair.Event, StringComparer.Ordinal)
            .ToList();
        if (keyed.Count == 0)
        {
            return;
        }

        var begun = await operations.LoadManyAsync<BalanceSegment>(cancellation, keyed.Select(pair => pair.Key));
        var segments = begun.ToDictionary(segment => segment.Id, StringComparer.Ordinal);
        foreach (var added in keyed)
        {
            var segment = segments.GetValueOrDefault(added.Key) ?? new BalanceSegment { Id = added.Key };
            foreach (var e in added)
            {
                segment.Add(e.Data, e.Version, Instant.FromDateTimeOffset(e.Timestamp));
            }

            operations.Store(segment);
        }
    }
}
