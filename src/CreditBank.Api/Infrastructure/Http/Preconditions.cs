using System.Globalization;
using CreditBank.Kernel;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>What a caller says it saw before it changes something (<c>If-Match</c>, RFC 9110, 13.1.1).</summary>
public static class Preconditions
{
    /// <summary>
    /// Nothing when the caller did not say, or saw this version; otherwise the refusal. It is 409 and not 412, because
    /// the bank answers every wrong version so (rulings 23).
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="version">The version that stands; none when there is nothing yet.</param>
    public static Refusal? ExpectsOther(this HttpContext http, long? version)
    {
        var seen = http.Request.Headers.IfMatch;
        if (seen.Count == 0)
        {
            return null;
        }

        var tags = seen.SelectMany(value => (value ?? string.Empty).Split(',', StringSplitOptions.TrimEntries));
        return version is { } stands && tags.Any(tag => tag == "*" || tag == $"\"{stands}\"")
            ? null
            : OtherVersion(version);
    }

    private static Refusal OtherVersion(long? stands) =>
        new(
            "state.version",
            RefusalKind.Conflict,
            new BilingualText("当前版本与 If-Match 不符。", "It stands at another version than If-Match says.")
        )
        {
            State = (stands ?? 0).ToString(CultureInfo.InvariantCulture),
        };
}
