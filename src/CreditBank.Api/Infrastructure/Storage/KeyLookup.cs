using System.Globalization;
using JasperFx;
using Npgsql;
using NpgsqlTypes;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Loads documents of several types from several books by their ids in one round trip. Marten would ask once for each
/// type and book.
/// </summary>
public sealed class KeyLookup(LedgerBooks books)
{
    private readonly Dictionary<(Type Type, string Book), HashSet<string>> wanted = [];
    private readonly Dictionary<Type, object> found = [];

    /// <summary>Asks for a document.</summary>
    public void Want<T>(string book, string id)
        where T : class
    {
        if (!wanted.TryGetValue((typeof(T), book), out var ids))
        {
            wanted.Add((typeof(T), book), ids = []);
        }

        ids.Add(id);
    }

    /// <summary>What was found of a type, by id.</summary>
    public Dictionary<string, T> Found<T>()
        where T : class
    {
        if (!found.TryGetValue(typeof(T), out var documents))
        {
            found.Add(typeof(T), documents = new Dictionary<string, T>(StringComparer.Ordinal));
        }

        return (Dictionary<string, T>)documents;
    }

    /// <summary>Loads what was asked for.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        await using var connection = books.Store.Storage.Database.CreateConnection();
        await connection.OpenAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var ((type, book), ids) in wanted)
        {
            batch.BatchCommands.Add(Select(type, book, ids));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var (type, _) in wanted.Keys)
        {
            while (await reader.ReadAsync(cancellation))
            {
                Keep(type, reader);
            }

            await reader.NextResultAsync(cancellation);
        }

        wanted.Clear();
    }

    private NpgsqlBatchCommand Select(Type type, string book, HashSet<string> ids)
    {
        // The book's own partition: planning over those of all books would cost more than the reading.
        var schema = books.Store.Options.DatabaseSchemaName;
        var table = $"{schema}.mt_doc_{type.Name.ToLower(CultureInfo.InvariantCulture)}_{book}";
        return new NpgsqlBatchCommand($"select id, data, mt_version from {table} where tenant_id = $1 and id = any($2)")
        {
            Parameters =
            {
                new NpgsqlParameter { Value = book, NpgsqlDbType = NpgsqlDbType.Varchar },
                new NpgsqlParameter { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
            },
        };
    }

    private void Keep(Type type, NpgsqlDataReader reader)
    {
        if (!found.TryGetValue(type, out var documents))
        {
            documents = Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), type))!;
            found.Add(type, documents);
        }

        var document = books.Store.Options.Serializer().FromJson(type, reader, 1);
        if (document is IRevisioned revisioned)
        {
            revisioned.Version = Convert.ToInt32(reader.GetValue(2), CultureInfo.InvariantCulture);
        }

        ((System.Collections.IDictionary)documents)[reader.GetString(0)] = document;
    }
}
