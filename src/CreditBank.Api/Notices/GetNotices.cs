using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Notices;

/// <summary>A notice.</summary>
/// <param name="EventId">The event it tells of.</param>
/// <param name="Type">What happened, such as <c>transfer.approved</c>.</param>
/// <param name="SubjectId">What it is about: a transfer, claim, outcome or account.</param>
/// <param name="RecordedAt">When it was recorded.</param>
public sealed record NoticeBody(string EventId, string Type, string SubjectId, Instant RecordedAt)
{
    /// <summary>The body of a notice.</summary>
    public static NoticeBody Of(Notice notice) =>
        new(notice.EventId.ToString("n"), notice.Type, notice.SubjectId, notice.RecordedAt);
}

/// <summary>Shows notices to who is told.</summary>
public static class GetNoticesEndpoint
{
    /// <summary>What the learner was told, the oldest first; a second or so behind what happens.</summary>
    [WolverineGet("/v1/accounts/{accountId}/notices", OperationId = "listAccountNotices")]
    [Refuses(404, "account.unknown")]
    [AsksPage]
    [ProducesResponseType<PageBody<NoticeBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> OfAccount(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    ) =>
        AccountReading.SightOf(http.Caller(), accountId) == Sight.Whole
        && books.TryBookOf(accountId, LedgerIdKind.Account, out var book)
        && await IsThereAsync(accountId, book, books, cancellation)
            ? await Answer(accountId, book, http, books, cancellation)
            : AccountReading.Unknown;

    /// <summary>
    /// What an institution was told, the oldest first; what its webhooks are sent. A successor reads what its
    /// predecessor is told.
    /// </summary>
    [WolverineGet("/v1/institutions/{institutionId}/notices", OperationId = "listInstitutionNotices")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "institution.unknown")]
    [AsksPage]
    [ProducesResponseType<PageBody<NoticeBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> OfInstitution(
        string institutionId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    ) =>
        !http.Caller().ActsFor(institutionId)
            ? Answers.Refused(WebhookAccess.Refuse(http.Caller(), institutionId) ?? AccessRefusals.Institution)
        : await WebhookAccess.UnknownAsync(books, institutionId, cancellation) is { } unknown ? Answers.Refused(unknown)
        : await Answer(institutionId, LedgerBooks.Registry, http, books, cancellation);

    private static async Task<bool> IsThereAsync(
        string accountId,
        string book,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(book);
        return await session.Events.FetchStreamStateAsync(accountId, cancellation) is not null;
    }

    private static async Task<IResult> Answer(
        string recipientId,
        string book,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (!Page.TryRead(http, out var page, out var wrong))
        {
            return wrong;
        }

        var after = page.After ?? string.Empty;
        await using var session = books.Read(book);
        var found = await session
            .Query<Notice>()
            .Where(notice => notice.RecipientId == recipientId && notice.Place.CompareTo(after) > 0)
            .OrderBy(notice => notice.Place)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(http, found, notice => notice.Place, NoticeBody.Of);
    }
}
