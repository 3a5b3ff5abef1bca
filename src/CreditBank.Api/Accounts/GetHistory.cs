using System.Globalization;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>One event of an account, in plain words.</summary>
/// <param name="Version">Its place in the account's stream, from 1.</param>
/// <param name="EventId">Its id, which receipts name.</param>
/// <param name="Type">Its stored name, such as <c>outcome_recorded</c>.</param>
/// <param name="Text">What happened, in the language asked for.</param>
/// <param name="ActorId">Who did it: a pseudonym.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="EffectiveOn">The day from which it is true.</param>
/// <param name="OutcomeId">The outcome it is about.</param>
/// <param name="TransferId">The transfer it is about.</param>
public sealed record HistoryLineBody(
    long Version,
    Guid EventId,
    string Type,
    string Text,
    string? ActorId,
    Instant RecordedAt,
    LocalDate? EffectiveOn,
    string? OutcomeId,
    string? TransferId
);

/// <summary>Shows an account's history.</summary>
public static class GetHistoryEndpoint
{
    private static readonly Dictionary<Type, string> NamesByType = EventCatalogue.TypesByName.ToDictionary(
        pair => pair.Value,
        pair => pair.Key
    );

    /// <summary>
    /// What happened, in the order of recording: in plain words, with who, when, and from which day.
    /// </summary>
    [WolverineGet("/v1/accounts/{accountId}/history", OperationId = "getHistory")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [AsksAsOf]
    [AsksPage]
    [ProducesResponseType<PageBody<HistoryLineBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (!Page.TryRead(http, out var page, out var wrong) || !page.TryPosition(out var after, out wrong))
        {
            return wrong;
        }

        var (view, refused) = await AccountReading.OpenContentAsync(
            http,
            books,
            BankCalendar.DayOf(clock.GetCurrentInstant()),
            accountId,
            ConsentScopes.Account,
            cancellation
        );
        if (view is null)
        {
            return refused!;
        }

        var language = Languages.Of(http.Request);
        var facts = view
            .Facts.Where(fact => fact.Version > after && IsTrueOn(fact, view.EffectiveOn))
            .Take(page.Limit + 1)
            .ToList();
        return page.Answer(
            http,
            facts,
            fact => fact.Version.ToString(CultureInfo.InvariantCulture),
            fact => LineOf(fact, language)
        );
    }

    private static bool IsTrueOn(AccountFact fact, LocalDate? effectiveOn) =>
        effectiveOn is null || AccountFacts.EffectiveOn(fact.Data) is not { } on || on <= effectiveOn;

    private static HistoryLineBody LineOf(AccountFact fact, Language language) =>
        new(
            fact.Version,
            fact.EventId,
            NamesByType[fact.Data.GetType()],
            HistoryTexts.Of(fact.Data).In(language),
            fact.ActorId,
            fact.RecordedAt,
            AccountFacts.EffectiveOn(fact.Data),
            OutcomeOf(fact.Data),
            TransferOf(fact.Data)
        );

    private static string? OutcomeOf(object data) =>
        data switch
        {
            OutcomeRecorded recorded => recorded.OutcomeId,
            OutcomeRecognised recognised => recognised.OutcomeId,
            OutcomeCorrected corrected => corrected.OutcomeId,
            OutcomeWithdrawn withdrawn => withdrawn.OutcomeId,
            OutcomeRevoked revoked => revoked.OutcomeId,
            OutcomeHandedOver handed => handed.OutcomeId,
            OutcomeTakenOver taken => taken.OutcomeId,
            ExpiryReversed reversed => reversed.OutcomeId,
            _ => null,
        };

    private static string? TransferOf(object data) =>
        data switch
        {
            CreditHeld held => held.TransferId,
            HoldReleased released => released.TransferId,
            CreditConverted converted => converted.TransferId,
            ConversionReversed reversed => reversed.TransferId,
            ConversionHandedOver handed => handed.TransferId,
            ConversionTakenOver taken => taken.TransferId,
            _ => null,
        };
}
