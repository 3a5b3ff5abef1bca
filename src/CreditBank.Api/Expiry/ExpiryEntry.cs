using CreditBank.Ledger.Events;
using Marten;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Expiry;

/// <summary>
/// One thing to do on a day to come: an outcome that will expire. Written with the recognition that sets its term, in
/// the account's book, and gone when it is done, so that a day costs what expires on it. What is not there never
/// expires; what is there and need not expire is passed over.
/// </summary>
public sealed class ExpiryEntry
{
    /// <summary>The outcome.</summary>
    public required string Id { get; init; }

    /// <summary>Its account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The first day on which it cannot be used, as text: <c>YYYY-MM-DD</c>.</summary>
    public required string ExpiresOn { get; init; }

    /// <summary>How many of the warnings are done, the furthest first.</summary>
    public int Warned { get; init; }

    /// <summary>Notes the terms that events set within the session's commit.</summary>
    /// <param name="book">The account's book within the session.</param>
    /// <param name="accountId">The account.</param>
    /// <param name="events">What is appended to it.</param>
    public static void Keep(IDocumentOperations book, string accountId, IEnumerable<object> events)
    {
        foreach (var recognised in events.OfType<OutcomeRecognised>())
        {
            if (recognised.ExpiresOn is { } expiresOn)
            {
                book.Store(
                    new ExpiryEntry
                    {
                        Id = recognised.OutcomeId,
                        AccountId = accountId,
                        ExpiresOn = TextOf(expiresOn),
                    }
                );
            }
        }
    }

    /// <summary>A day as entries have it; in ordinal order days are in order.</summary>
    public static string TextOf(LocalDate day) => LocalDatePattern.Iso.Format(day);
}
