using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CreditBank.Kernel;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>A part of a list.</summary>
/// <param name="Items">At most <c>limit</c> items, in the list's order.</param>
/// <param name="NextCursor">Goes into <c>cursor</c> for the next part; none at the end.</param>
public sealed record PageBody<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Which part of a list is asked for: <c>?limit=</c> 1 to 500, 100 by default, and <c>?cursor=</c>.</summary>
/// <param name="Limit">How many items at most.</param>
/// <param name="After">The key of the last item of the part before; none at the start.</param>
public sealed record Page(int Limit, string? After)
{
    /// <summary>The most items of one part.</summary>
    public const int LimitMax = 500;

    private const int LimitDefault = 100;

    /// <summary>Reads the query string.</summary>
    /// <returns>False when it is wrong; <paramref name="refused"/> then says how.</returns>
    public static bool TryRead(
        HttpContext http,
        [NotNullWhen(true)] out Page? page,
        [NotNullWhen(false)] out IResult? refused
    )
    {
        (page, refused) = (null, null);
        var limit = LimitDefault;
        if (
            http.Request.Query.TryGetValue("limit", out var limitText)
            && !(
                int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                && limit is >= 1 and <= LimitMax
            )
        )
        {
            refused = Answers.Problem(StatusCodes.Status400BadRequest, "query.limit", LimitText);
            return false;
        }

        string? after = null;
        if (http.Request.Query.TryGetValue("cursor", out var cursor) && !TryDecode(cursor.ToString(), out after))
        {
            refused = WrongCursor;
            return false;
        }

        page = new Page(limit, after);
        return true;
    }

    /// <summary>The cursor of a list that is ordered by a number; 0 at the start.</summary>
    /// <returns>False when the cursor is not a number; <paramref name="refused"/> then says so.</returns>
    public bool TryPosition(out long position, [NotNullWhen(false)] out IResult? refused)
    {
        (position, refused) = (0, null);
        if (After is null || long.TryParse(After, NumberStyles.None, CultureInfo.InvariantCulture, out position))
        {
            return true;
        }

        refused = WrongCursor;
        return false;
    }

    /// <summary>400: the cursor is not one of ours.</summary>
    public static IResult WrongCursor => Answers.Problem(StatusCodes.Status400BadRequest, "query.cursor", CursorText);

    /// <summary>Answers with a part of a list, and a <c>Link</c> to the next.</summary>
    /// <param name="http">The request.</param>
    /// <param name="found">Up to <see cref="Limit"/> + 1 items; the last tells only that there are more.</param>
    /// <param name="key">The key the list is ordered by.</param>
    /// <param name="body">What is shown of an item.</param>
    public IResult Answer<TItem, TBody>(
        HttpContext http,
        IReadOnlyList<TItem> found,
        Func<TItem, string> key,
        Func<TItem, TBody> body
    )
    {
        string? next = null;
        if (found.Count > Limit)
        {
            next = WebEncoders.Base64UrlEncode(System.Text.Encoding.UTF8.GetBytes(key(found[Limit - 1])));
            var query = http
                .Request.Query.Where(pair => pair.Key != "cursor")
                .Append(new("cursor", next))
                .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value));
            http.Response.Headers.Link = $"<{http.Request.Path}{QueryString.Create(query)}>; rel=\"next\"";
        }

        return Answers.Ok(new PageBody<TBody>([.. found.Take(Limit).Select(body)], next));
    }

    private static bool TryDecode(string cursor, out string? after)
    {
        try
        {
            after = System.Text.Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor));
            return after.Length is > 0 and <= 512 && !after.Contains('\0', StringComparison.Ordinal);
        }
        catch (FormatException)
        {
            after = null;
            return false;
        }
    }

    private static readonly BilingualText LimitText = new(
        $"limit 应为 1 至 {LimitMax} 的整数。",
        $"limit must be a whole number from 1 to {LimitMax}."
    );

    private static readonly BilingualText CursorText = new("cursor 无效。", "cursor is not one of ours.");
}
