using System.Globalization;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace CreditBank.Api.Statistics;

/// <summary>How many outcomes of a book stand, by group. One document a book.</summary>
public sealed class OutcomeStatistics
{
    /// <summary>The only document's key.</summary>
    public const string Key = "outcomes";

    /// <summary>Always <see cref="Key"/>.</summary>
    public string Id { get; init; } = Key;

    /// <summary>The count of each group that is not empty, by <see cref="OutcomeGroup.ToString"/>.</summary>
    public Dictionary<string, long> Counts { get; init; } = [];

    /// <summary>Adds to a group's count; a group that becomes empty is forgotten.</summary>
    public void Add(OutcomeGroup group, long change)
    {
        var key = group.ToString();
        var count = Counts.GetValueOrDefault(key) + change;
        if (count == 0)
        {
            Counts.Remove(key);
        }
        else
        {
            Counts[key] = count;
        }
    }
}

/// <summary>What outcomes are counted by.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Level">The framework's level; <c>none</c> where the rule set has no mapping.</param>
/// <param name="Year">The year of completion.</param>
public sealed record OutcomeGroup(string Kind, string Level, int Year)
{
    /// <summary><c>kind|level|year</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}|{Level}|{Year}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static OutcomeGroup Parse(string text)
    {
        var parts = text.Split('|');
        return new OutcomeGroup(parts[0], parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}

/// <summary>
/// The group in which each outcome of a stream is counted, as its events go by. Counted is what was passed and stands.
/// Pure.
/// </summary>
public sealed class StandingOutcomes
{
    private readonly Dictionary<string, OutcomeRecord> records = [];
    private readonly Dictionary<string, OutcomeGroup> counted = [];

    /// <summary>Takes an event in.</summary>
    /// <returns>The group that loses the outcome and the one that gains it; none where nothing changes.</returns>
    public (OutcomeGroup? Loses, OutcomeGroup? Gains) Apply(object data)
    {
        switch (data)
        {
            case OutcomeRecorded recorded:
                records[recorded.OutcomeId] = recorded.Record;
                return default;
            case OutcomeCorrected corrected:
                records[corrected.OutcomeId] = corrected.Record;
                return default;
            case OutcomeRecognised recognised:
                return Count(recognised.OutcomeId, GroupOf(records[recognised.OutcomeId], recognised.Level));
            case OutcomeWithdrawn withdrawn:
                return Count(withdrawn.OutcomeId, null);
            case OutcomeRevoked revoked:
                return Count(revoked.OutcomeId, null);
            case OutcomeTakenOver taken:
                // It was counted where it was recorded; a merge makes no outcome.
                records[taken.OutcomeId] = taken.Record;
                Count(
                    taken.OutcomeId,
                    taken.State == "recorded" ? GroupOf(taken.Record, taken.Recognition.Level) : null
                );
                return default;
            case OutcomeHandedOver handed:
                Count(handed.OutcomeId, null);
                return default;
            default:
                return default;
        }
    }

    private (OutcomeGroup? Loses, OutcomeGroup? Gains) Count(string outcomeId, OutcomeGroup? group)
    {
        counted.Remove(outcomeId, out var before);
        if (group is not null)
        {
            counted[outcomeId] = group;
        }

        return before == group ? default : (before, group);
    }

    private static OutcomeGroup? GroupOf(OutcomeRecord record, string? level) =>
        record.Result == "passed" ? new OutcomeGroup(record.Kind, level ?? "none", record.CompletedOn.Year) : null;

    /// <summary>The outcome that an event is about; none when it is about none.</summary>
    public static string? OutcomeOf(object data) =>
        data switch
        {
            OutcomeRecorded recorded => recorded.OutcomeId,
            OutcomeCorrected corrected => corrected.OutcomeId,
            OutcomeRecognised recognised => recognised.OutcomeId,
            OutcomeWithdrawn withdrawn => withdrawn.OutcomeId,
            OutcomeRevoked revoked => revoked.OutcomeId,
            _ => null,
        };
}

/// <summary>
/// Counts standing outcomes. A record and its recognition come together, so counting needs nothing but the events of a
/// page; only for a correction, a withdrawal or a revocation is the stream's past read again.
/// </summary>
public sealed class OutcomeStatisticsProjection : IProjection
{
    /// <inheritdoc/>
    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var statistics =
            await operations.LoadAsync<OutcomeStatistics>(OutcomeStatistics.Key, cancellation)
            ?? new OutcomeStatistics();
        foreach (var stream in events.GroupBy(@event => @event.StreamKey!))
        {
            var standing = new StandingOutcomes();
            var before = stream.Min(@event => @event.Version) - 1;
            if (before > 0 && NeedsPast(stream))
            {
                foreach (var past in await operations.Events.FetchStreamAsync(stream.Key, before, token: cancellation))
                {
                    standing.Apply(past.Data);
                }
            }

            foreach (var @event in stream)
            {
                var (loses, gains) = standing.Apply(@event.Data);
                if (loses is not null)
                {
                    statistics.Add(loses, -1);
                }

                if (gains is not null)
                {
                    statistics.Add(gains, 1);
                }
            }
        }

        operations.Store(statistics);
    }

    /// <summary>Whether the page speaks of an outcome whose record lies before it, or changes one.</summary>
    private static bool NeedsPast(IEnumerable<IEvent> events)
    {
        var recorded = new HashSet<string>();
        foreach (var @event in events)
        {
            if (StandingOutcomes.OutcomeOf(@event.Data) is not { } outcomeId)
            {
                continue;
            }

            if (@event.Data is OutcomeRecorded)
            {
                recorded.Add(outcomeId);
            }
            else if (!recorded.Contains(outcomeId))
            {
                return true;
            }
        }

        return false;
    }
}
