using NodaTime;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>A finding that a person must look at; it stays until a whole sweep does not find it any more.</summary>
/// <param name="Log">The log.</param>
/// <param name="Code">What: one of <see cref="AuditAlarms"/>.</param>
/// <param name="Place">Where: a sequence number of the book, a leaf index for tiles and roots.</param>
/// <param name="EventId">The event, where it is known.</param>
/// <param name="FoundAt">When it was found first.</param>
public sealed record AuditAlarm(string Log, string Code, long Place, Guid? EventId, Instant FoundAt);

/// <summary>The codes of alarms, and where they are kept.</summary>
internal static class AuditAlarms
{
    /// <summary>A leaf has no event any more.</summary>
    public const string Missing = "audit.event.missing";

    /// <summary>An event that is no leaf, and older than anything that could have come late.</summary>
    public const string Extra = "audit.event.extra";

    /// <summary>Another event stands where a leaf's event stood.</summary>
    public const string Replaced = "audit.event.replaced";

    /// <summary>An event is not what its leaf says.</summary>
    public const string Changed = "audit.event.changed";

    /// <summary>A tile is not what its leaves say.</summary>
    public const string Tile = "audit.tile.changed";

    /// <summary>The alarms of a log.</summary>
    public static async Task<IReadOnlyList<AuditAlarm>> OfAsync(
        NpgsqlConnection connection,
        string log,
        CancellationToken cancellation
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"select code, place, event_id, found_at from {AuditLogSchema.Alarms} where log = $1 order by code, place";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = log });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<AuditAlarm>();
        while (await reader.ReadAsync(cancellation))
        {
            var foundAt = Instant.FromUnixTimeTicks(reader.GetInt64(3) * 10);
            var eventId = reader.IsDBNull(2) ? (Guid?)null : reader.GetGuid(2);
            found.Add(new AuditAlarm(log, reader.GetString(0), reader.GetInt64(1), eventId, foundAt));
        }

        return found;
    }

    /// <summary>Adds alarms; those that stand already keep the instant at which they were found first.</summary>
    public static async Task RaiseAsync(
        NpgsqlConnection connection,
        IReadOnlyList<AuditAlarm> alarms,
        CancellationToken cancellation
    )
    {
        foreach (var alarm in alarms)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"""
                insert into {AuditLogSchema.Alarms} (log, code, place, event_id, found_at)
                values ($1, $2, $3, $4, $5) on conflict do nothing
                """;
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = alarm.Log });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = alarm.Code });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = alarm.Place });
            command.Parameters.Add(new NpgsqlParameter { Value = alarm.EventId ?? (object)DBNull.Value });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = alarm.FoundAt.ToUnixTimeTicks() / 10 });
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Puts what a whole sweep found in the place of what stood there.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection,
        string log,
        IReadOnlyList<AuditAlarm> found,
        CancellationToken cancellation
    )
    {
        var before = await OfAsync(connection, log, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"delete from {AuditLogSchema.Alarms} where log = $1";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = log });
        await command.ExecuteNonQueryAsync(cancellation);
        var again = before.Where(old => found.Any(alarm => (alarm.Code, alarm.Place) == (old.Code, old.Place)));
        await RaiseAsync(connection, [.. again, .. found], cancellation);
    }
}
