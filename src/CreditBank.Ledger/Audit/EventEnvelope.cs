namespace CreditBank.Ledger.Audit;

/// <summary>
/// What is stored beside an event's payload and can never change: the envelope that a leaf covers. What storage may
/// change later without changing history (archive marks, names of program types) is not part of it.
/// </summary>
/// <param name="Book">The ledger book.</param>
/// <param name="Sequence">Its number in the book's own sequence: strictly growing along the log, with gaps.</param>
/// <param name="EventId">Unique; its random bits keep a leaf from being guessed from its hash (rulings 6).</param>
/// <param name="Stream">The stream's key.</param>
/// <param name="Version">Its number in the stream, from 1 without gaps.</param>
/// <param name="Type">The stored name of its kind: <see cref="EventCatalogue"/>.</param>
/// <param name="RecordedAtMicroseconds">When it was recorded: microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Actor">Who acted, by pseudonym; none where storage has none.</param>
/// <param name="CorrelationId">The request it belongs to; none where storage has none.</param>
/// <param name="CausationId">What caused it; none where storage has none.</param>
public readonly record struct EventEnvelope(
    string Book,
    long Sequence,
    Guid EventId,
    string Stream,
    long Version,
    string Type,
    long RecordedAtMicroseconds,
    string? Actor,
    string? CorrelationId,
    string? CausationId
);
