using System.Globalization;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using Npgsql;

namespace CreditBank.Api.KeyRotation;

/// <summary>
/// Some documents of one kind and book whose keys are of another generation, in a transaction of their own. All that
/// is read or written goes by sets of keys, however many documents there are.
/// </summary>
internal sealed class RotationBatch(
    LedgerBooks books,
    NpgsqlConnection connection,
    NpgsqlTransaction transaction,
    string book
)
{
    /// <summary>The book the documents are in.</summary>
    public string Book => book;

    /// <summary>The table of a kind of documents.</summary>
    public static string TableOf(LedgerBooks books, Type kind) =>
        $"{books.Store.Options.DatabaseSchemaName}.mt_doc_{kind.Name.ToLower(CultureInfo.InvariantCulture)}";

    /// <summary>Documents of a kind in this book that are not of the current generation yet, by id.</summary>
    /// <param name="generation">The current generation.</param>
    /// <param name="after">The last id of the batch before.</param>
    /// <param name="count">The most to read.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<T>> StaleAsync<T>(
        int generation,
        string after,
        int count,
        CancellationToken cancellation
    ) =>
        ReadAsync<T>(
            $"""
            select data from {TableOf(books, typeof(T))}
            where tenant_id = $1 and id > $2 and {IsStale("$3")} order by id limit $4
            """,
            [book, after, WrappedKey.MarkOf(generation), count],
            cancellation
        );

    /// <summary>What a stale document looks like in SQL.</summary>
    /// <param name="mark">The parameter with <see cref="WrappedKey.MarkOf"/> of the current generation.</param>
    public static string IsStale(string mark) =>
        $"(length(data ->> 'wrappedKey') <> {WrappedKey.Base64Length} or left(data ->> 'wrappedKey', 4) <> {mark})";

    /// <summary>Documents whose field has one of these values.</summary>
    public Task<IReadOnlyList<T>> ReadAsync<T>(string field, string[] values, CancellationToken cancellation) =>
        ReadAsync<T>(
            $"select data from {TableOf(books, typeof(T))} where tenant_id = $1 and data ->> '{field}' = any($2)",
            [book, values],
            cancellation
        );

    /// <summary>Deletes documents by id, book by book, and gives back what was there.</summary>
    public async Task<IReadOnlyList<T>> TakeAsync<T>(
        IEnumerable<IGrouping<string, string>> idsByBook,
        CancellationToken cancellation
    )
    {
        var taken = new List<T>();
        foreach (var ids in idsByBook)
        {
            taken.AddRange(
                await ReadAsync<T>(
                    $"delete from {TableOf(books, typeof(T))} where tenant_id = $1 and id = any($2) returning data",
                    [ids.Key, ids.ToArray()],
                    cancellation
                )
            );
        }

        return taken;
    }

    /// <summary>Inserts documents, each into a book of its own.</summary>
    public async Task InsertAsync<T>(
        IEnumerable<IGrouping<string, T>> byBook,
        Func<T, string> id,
        CancellationToken cancellation
    )
    {
        var serializer = books.Store.Options.Serializer();
        foreach (var documents in byBook)
        {
            await WriteAsync(
                $"""
                insert into {TableOf(books, typeof(T))} (tenant_id, id, data, mt_dotnet_type)
                select $1, new.id, new.data::jsonb, $2 from unnest($3, $4) as new (id, data)
                """,
                [
                    documents.Key,
                    typeof(T).FullName!,
                    documents.Select(id).ToArray(),
                    documents.Select(document => serializer.ToJson(document)).ToArray(),
                ],
                cancellation
            );
        }
    }

    /// <summary>Changes documents where they are.</summary>
    /// <param name="inBook">Their book.</param>
    /// <param name="ids">Which.</param>
    /// <param name="changes">For each, the fields that get another value, as a JSON object.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task ChangeAsync<T>(string inBook, string[] ids, string[] changes, CancellationToken cancellation) =>
        WriteAsync(
            $"""
            update {TableOf(books, typeof(T))} as kept set data = kept.data || new.change::jsonb
            from unnest($2, $3) as new (id, change)
            where kept.tenant_id = $1 and kept.id = new.id
            """,
            [inBook, ids, changes],
            cancellation
        );

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, object[] values, CancellationToken cancellation)
    {
        var serializer = books.Store.Options.Serializer();
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(serializer.FromJson<T>(reader, 0));
        }

        return found;
    }

    private async Task WriteAsync(string sql, object[] values, CancellationToken cancellation)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
