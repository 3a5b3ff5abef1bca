using System.Globalization;
using JasperFx;
using Marten;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Inserts many documents of one type with one statement for each book, within the session's commit. Marten's own insert
/// is a statement for each document, and looks through all that a session holds at each one: for thousands of documents
/// that is most of the work.
/// </summary>
public static class BulkInsert
{
    private const char Placeholder = '?';

    /// <summary>Inserts new documents into a book. One whose id is taken fails the commit with a unique violation.</summary>
    /// <param name="session">The session that commits.</param>
    /// <param name="books">The books.</param>
    /// <param name="book">The book.</param>
    /// <param name="documents">The documents, each with an id of its own; they begin at version 1.</param>
    /// <param name="id">The document's id.</param>
    public static void Insert<T>(
        IDocumentSession session,
        LedgerBooks books,
        string book,
        IReadOnlyCollection<T> documents,
        Func<T, string> id
    )
        where T : class, IRevisioned
    {
        var serializer = books.Store.Options.Serializer();
        var table =
            $"{books.Store.Options.DatabaseSchemaName}.mt_doc_{typeof(T).Name.ToLower(CultureInfo.InvariantCulture)}";
        session.QueueSqlCommand(
            Placeholder,
            $"""
            insert into {table} (tenant_id, id, data, mt_version, mt_dotnet_type)
            select ?, new.id, new.data::jsonb, 1, ? from unnest(?, ?) as new (id, data)
            """,
            book,
            typeof(T).FullName!,
            documents.Select(id).ToArray(),
            documents.Select(serializer.ToJson).ToArray()
        );
    }
}
