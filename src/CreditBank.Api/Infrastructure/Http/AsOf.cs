using System.Diagnostics.CodeAnalysis;
using CreditBank.Kernel;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>The two clocks of a question: <c>?knownAt=</c> and <c>?effectiveOn=</c>.</summary>
/// <param name="KnownAt">Only what was recorded by then, inclusive; none means all.</param>
/// <param name="EffectiveOn">Only what was true on that day, inclusive; none means on any day.</param>
public sealed record AsOf(Instant? KnownAt, LocalDate? EffectiveOn)
{
    /// <summary>Whether the question is about now.</summary>
    public bool IsNow => KnownAt is null && EffectiveOn is null;

    /// <summary>Reads the query string.</summary>
    /// <returns>False when it is wrong; <paramref name="refused"/> then says how.</returns>
    public static bool TryRead(
        HttpContext http,
        [NotNullWhen(true)] out AsOf? asOf,
        [NotNullWhen(false)] out IResult? refused
    )
    {
        (asOf, refused) = (null, null);
        Instant? knownAt = null;
        LocalDate? effectiveOn = null;
        if (http.Request.Query.TryGetValue("knownAt", out var at))
        {
            var parsed = InstantPattern.ExtendedIso.Parse(at.ToString());
            if (!parsed.Success)
            {
                refused = Answers.Problem(StatusCodes.Status400BadRequest, "query.knownAt", KnownAtText);
                return false;
            }

            knownAt = parsed.Value;
        }

        if (http.Request.Query.TryGetValue("effectiveOn", out var on))
        {
            var parsed = LocalDatePattern.Iso.Parse(on.ToString());
            if (!parsed.Success)
            {
                refused = Answers.Problem(StatusCodes.Status400BadRequest, "query.effectiveOn", EffectiveOnText);
                return false;
            }

            effectiveOn = parsed.Value;
        }

        asOf = new AsOf(knownAt, effectiveOn);
        return true;
    }

    private static readonly BilingualText KnownAtText = new(
        "knownAt 应为 UTC 时刻，如 2026-01-31T08:00:00Z。",
        "knownAt must be an instant in UTC, such as 2026-01-31T08:00:00Z."
    );

    private static readonly BilingualText EffectiveOnText = new(
        "effectiveOn 应为日期，如 2026-01-31。",
        "effectiveOn must be a date, such as 2026-01-31."
    );
}
