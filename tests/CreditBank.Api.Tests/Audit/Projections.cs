using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.Tests.Audit;

/// <summary>The projections the service registers, and the documents they keep.</summary>
internal static class Projections
{
    /// <summary>Returns when every projection of every learner book has seen every event.</summary>
    public static Task CaughtUp(LedgerBooks books) =>
        Eventually.Get<object>(async () =>
        {
            var running = ((DocumentStore)books.Store).Options.Projections.All.Count(projection =>
                projection.Lifecycle == ProjectionLifecycle.Async
            );
            foreach (var book in books.Learners)
            {
                await using var session = books.Read(book);
                var last = await LedgerReader.LastSequence(session, book, default);
                var seen = await session.QueryAsync<long>(
                    "select case when count(*) < ? then 0 else min(last_seq_id) end from ledger.mt_event_progression "
                        + "where name like ? and name not like 'HighWaterMark%'",
                    running,
                    $"%:{book}"
                );
                if (seen[0] < last)
                {
                    return null;
                }
            }

            return books;
        });

    /// <summary>Every projection that keeps documents: its name and their types.</summary>
    public static IReadOnlyDictionary<string, Type[]> All(LedgerBooks books) =>
        ((DocumentStore)books.Store)
            .Options.Projections.All.Where(projection => projection.Lifecycle != ProjectionLifecycle.Live)
            .ToDictionary(
                projection => projection.Name,
                projection => projection.PublishedTypes().Union(projection.Options.StorageTypes).ToArray()
            );

    /// <summary>Throws away what a projection keeps and makes it again, book by book.</summary>
    public static async Task Rebuild(LedgerBooks books, string projection)
    {
        foreach (var book in books.All)
        {
            using var daemon = await books.Store.BuildProjectionDaemonAsync(book);
            await daemon.RebuildProjectionAsync(projection, book, default);
        }
    }

    /// <summary>
    /// All documents of a type in every book, as stored. Of a document that is a stream's state, the version is read
    /// from storage's column; the member beside it is storage's copy and may be behind. How often a document of many
    /// streams was stored says nothing.
    /// </summary>
    public static async Task<IReadOnlyList<string>> DocumentsOf(LedgerBooks books, Type type)
    {
        var isStream = type.GetProperty("Version")?.PropertyType == typeof(long);
        var content = isStream ? "mt_version || ' ' || (data - 'version')::text" : "data::text";
        await using var session = books.Read(LedgerBooks.Registry);
        return await session.QueryAsync<string>(
            $"select tenant_id || ' ' || id || ' ' || {content} from ledger.mt_doc_{type.Name.ToLowerInvariant()} "
                + "order by tenant_id, id"
        );
    }
}
