using System.Text;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger;
using CreditBank.Ledger.Journal;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Audit;

/// <summary>Exports the journal as plain-text accounting.</summary>
public static class GetJournalEndpoint
{
    private const string MediaType = "text/plain; charset=utf-8";
    private const int FlushLength = 64 * 1024;

    private static readonly Dictionary<Type, string> NamesByType = EventCatalogue.TypesByName.ToDictionary(
        pair => pair.Value,
        pair => pair.Key
    );

    /// <summary>
    /// An auditor reads a book's whole journal as plain text that hledger and Ledger understand: <c>?book=</c>. Every
    /// event that moves credit is a transaction, units are commodities, standard credit is a commodity of its own.
    /// </summary>
    [WolverineGet("/v1/audit/journal", OperationId = "exportJournal")]
    [Refuses(403, "access.role")]
    [Refuses(404, "book.unknown")]
    [Asks("book", "The book.", IsRequired = true)]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "text/plain")]
    public static IResult Get(HttpContext http, LedgerBooks books, CancellationToken cancellation)
    {
        if (http.Caller().Lacks(CallerRoles.Auditor) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        var book = http.Request.Query["book"].ToString();
        return books.All.Contains(book)
            ? TypedResults.Stream(output => WriteAsync(books, book, output, cancellation), MediaType)
            : Answers.Refused(AccessRefusals.Unknown("book"));
    }

    private static async Task WriteAsync(LedgerBooks books, string book, Stream output, CancellationToken cancellation)
    {
        await using var session = books.Read(book);
        var last = await LedgerReader.LastSequence(session, book, cancellation);
        var text = new StringBuilder(PlainTextJournal.Heading);
        await foreach (var read in LedgerReader.Read(session, book, 0, last, cancellation))
        {
            if (read.Data is not { } data)
            {
                continue;
            }

            var name = NamesByType[data.GetType()];
            text.Append(PlainTextJournal.Of(read.Sequence, name, read.StreamId!, read.RecordedAt, data));
            if (text.Length >= FlushLength)
            {
                await FlushAsync(text, output, cancellation);
            }
        }

        await FlushAsync(text, output, cancellation);
    }

    private static async Task FlushAsync(StringBuilder text, Stream output, CancellationToken cancellation)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
        text.Clear();
    }
}
