using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Merges;

/// <summary>The merges of an account.</summary>
/// <param name="Items">By id, those that were declined or undone included.</param>
public sealed record MergeList(IReadOnlyList<MergeBody> Items);

/// <summary>Shows merges to who decides them, and to the auditor.</summary>
public static class GetMergesEndpoint
{
    /// <summary>One merge of the account that goes on.</summary>
    [WolverineGet("/v1/accounts/{accountId}/merges/{mergeId}", OperationId = "getMerge")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown", "merge.unknown")]
    [ProducesResponseType<MergeBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetOne(
        string accountId,
        string mergeId,
        HttpContext http,
        LedgerBooks books,
        MergeDesk desk,
        CancellationToken cancellation
    )
    {
        var (merges, refused) = await FindAsync(accountId, http, books, cancellation);
        if (merges is null)
        {
            return refused!;
        }

        return merges.FirstOrDefault(one => one.Id == mergeId) is { } merge
            ? Answers.Tagged(http, merge.Version, await desk.BodyAsync(merge, cancellation))
            : Answers.Refused(AccessRefusals.Unknown("merge"));
    }

    /// <summary>All merges in which the account goes on.</summary>
    [WolverineGet("/v1/accounts/{accountId}/merges", OperationId = "listMerges")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [ProducesResponseType<MergeList>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetMany(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        MergeDesk desk,
        CancellationToken cancellation
    )
    {
        var (merges, refused) = await FindAsync(accountId, http, books, cancellation);
        if (merges is null)
        {
            return refused!;
        }

        var bodies = new List<MergeBody>();
        foreach (var merge in merges)
        {
            bodies.Add(await desk.BodyAsync(merge, cancellation));
        }

        return Answers.Ok(new MergeList(bodies));
    }

    private static async Task<(IReadOnlyList<AccountMerge>? Merges, IResult? Refused)> FindAsync(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Operator, CallerRoles.Branch, CallerRoles.Auditor) is { } refusal)
        {
            return (null, Answers.Refused(refusal));
        }

        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return (null, Answers.Refused(AccessRefusals.Unknown("account")));
        }

        await using var session = books.Read(book);
        if (await session.Events.FetchStreamStateAsync(accountId, cancellation) is null)
        {
            return (null, Answers.Refused(AccessRefusals.Unknown("account")));
        }

        var found = await session
            .Query<AccountMerge>()
            .Where(merge => merge.SurvivorId == accountId)
            .OrderBy(merge => merge.Id)
            .ToListAsync(cancellation);
        return (found, null);
    }
}
