using CreditBank.Kernel;
using Microsoft.Net.Http.Headers;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>The languages the bank speaks.</summary>
public enum Language
{
    /// <summary>English; also when nothing is asked for.</summary>
    English,

    /// <summary>Chinese, simplified.</summary>
    Chinese,
}

/// <summary>Chooses the language of an answer.</summary>
public static class Languages
{
    /// <summary>The best of the request's <c>Accept-Language</c> (RFC 9110, 12.5.4) that the bank speaks.</summary>
    public static Language Of(HttpRequest request)
    {
        if (
            !StringWithQualityHeaderValue.TryParseList(
                request.Headers.AcceptLanguage.OfType<string>().ToList(),
                out var wanted
            )
        )
        {
            return Language.English;
        }

        foreach (
            var tag in wanted.OrderByDescending(value => value.Quality ?? 1).Select(value => value.Value.ToString())
        )
        {
            if (tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
            {
                return Language.Chinese;
            }

            if (tag.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            {
                return Language.English;
            }
        }

        return Language.English;
    }

    /// <summary>The text in that language.</summary>
    public static string In(this BilingualText text, Language language) =>
        language == Language.Chinese ? text.Zh : text.En;
}
