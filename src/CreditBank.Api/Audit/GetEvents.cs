using System.Globalization;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Audit;

/// <summary>Streams events to auditors.</summary>
public static class GetEventsEndpoint
{
    /// <summary>
    /// An auditor reads a book's events in order, one JSON object a line: <c>?book=&amp;from=&amp;to=</c>. The two are
    /// leaf indexes, half open: the dense number of an event in its book's order, from 0. Only what is closed is shown,
    /// so an index never changes its event; a stream cut short ends without its last line's newline.
    /// </summary>
    [WolverineGet("/v1/audit/events", OperationId = "streamEvents")]
    [Refuses(400, "query.range")]
    [Refuses(403, "access.role")]
    [Refuses(404, "book.unknown")]
    [Asks("book", "The book.", IsRequired = true)]
    [Asks("from", "The first leaf index, inclusive; 0 unless given.", IsNumber = true)]
    [Asks("to", "The leaf index to stop before; the end unless given.", IsNumber = true)]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "application/x-ndjson")]
    public static IResult Get(HttpContext http, LedgerBooks books, CancellationToken cancellation)
    {
        if (http.Caller().Lacks(CallerRoles.Auditor) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        var query = http.Request.Query;
        if (!TryIndex(query["from"], 0, out var from) || !TryIndex(query["to"], long.MaxValue, out var to) || to < from)
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "query.range", RangeText);
        }

        var book = query["book"].ToString();
        return books.All.Contains(book)
            ? TypedResults.Stream(
                stream => EventStream.Write(books, book, from, to, stream, cancellation),
                "application/x-ndjson"
            )
            : Answers.Refused(AccessRefusals.Unknown("book"));
    }

    private static bool TryIndex(string? text, long missing, out long index)
    {
        index = missing;
        return text is null || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    private static readonly BilingualText RangeText = new(
        "from、to 应为自 0 起的叶序号，to 不小于 from。",
        "from and to must be leaf indexes from 0, to not before from."
    );
}
