using CreditBank.Api.Infrastructure.Http;
using JasperFx.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>A stream as it was known at an instant: always a prefix, up to the first event that came later.</summary>
internal static class PastStream
{
    /// <summary>
    /// A thing with a stream of its own as the request asks for it: as it stands, or as it was known at
    /// <c>?knownAt=</c>. Whoever may see it now sees its past.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="books">The books.</param>
    /// <param name="session">A session on the thing's book.</param>
    /// <param name="stream">Its stream.</param>
    /// <param name="stands">The thing as it stands.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The thing, the answer that refuses, or neither when there was nothing yet.</returns>
    public static async Task<(T? Found, IResult? Refused)> AsAskedAsync<T>(
        HttpContext http,
        LedgerBooks books,
        IQuerySession session,
        string stream,
        T stands,
        CancellationToken cancellation
    )
        where T : class
    {
        if (!AsOf.TryRead(http, out var asOf, out var wrong))
        {
            return (null, wrong);
        }

        if (asOf.KnownAt is not { } knownAt)
        {
            return (stands, null);
        }

        return await books.Settled.RefuseAsync(session, knownAt, cancellation) is { } notSettled
            ? (null, Answers.Refused(notSettled))
            : (await ReadAsync<T>(session, stream, knownAt, cancellation), null);
    }

    /// <summary>What the stream told then; none when there was nothing yet.</summary>
    /// <param name="session">A session on the stream's book.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="knownAt">The instant, inclusive.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<T?> ReadAsync<T>(
        IQuerySession session,
        string stream,
        Instant knownAt,
        CancellationToken cancellation
    )
        where T : class
    {
        var version = VersionAt(await session.Events.FetchStreamAsync(stream, token: cancellation), knownAt);
        return version == 0 ? null : await session.Events.AggregateStreamAsync<T>(stream, version, token: cancellation);
    }

    /// <summary>How far the stream had come; 0 when there was nothing yet. Pure.</summary>
    public static long VersionAt(IReadOnlyList<IEvent> events, Instant knownAt)
    {
        var version = 0L;
        foreach (var @event in events)
        {
            if (Instant.FromDateTimeOffset(@event.Timestamp) > knownAt)
            {
                break;
            }

            version = @event.Version;
        }

        return version;
    }
}
