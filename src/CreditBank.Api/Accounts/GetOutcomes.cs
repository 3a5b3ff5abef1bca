using System.Globalization;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>A grade as the issuer gave it.</summary>
/// <param name="Scale">The scale, where one was named.</param>
/// <param name="Value">The grade.</param>
public sealed record RecordedGrade(string? Scale, string? Value);

/// <summary>What an outcome is worth under a rule set.</summary>
/// <param name="RuleSetVersion">The version that decided.</param>
/// <param name="Clauses">The clauses that decided.</param>
/// <param name="Level">The level in the framework.</param>
/// <param name="StandardCredits">What it is worth, in standard credit.</param>
public sealed record RecognitionBody(
    string RuleSetVersion,
    IReadOnlyList<string> Clauses,
    string? Level,
    Credits StandardCredits
);

/// <summary>An outcome of an account.</summary>
public sealed record OutcomeBody
{
    /// <summary>The outcome.</summary>
    public required string OutcomeId { get; init; }

    /// <summary>The issuer.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The issuer's own id of the record.</summary>
    public required string RecordId { get; init; }

    /// <summary>The newest revision.</summary>
    public required int Revision { get; init; }

    /// <summary><c>recorded</c>, <c>withdrawn</c> or <c>revoked</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The issuer's code of the course or certificate.</summary>
    public required string CourseCode { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The size of the course in <see cref="Unit"/>, also when failed.</summary>
    public required Credits Credits { get; init; }

    /// <summary>The issuer's unit.</summary>
    public required string Unit { get; init; }

    /// <summary>Hours of study.</summary>
    public Credits? Hours { get; init; }

    /// <summary>The level as the issuer states it.</summary>
    public string? Level { get; init; }

    /// <summary><c>passed</c> or <c>failed</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The grade.</summary>
    public RecordedGrade? Grade { get; init; }

    /// <summary>The first day of study.</summary>
    public LocalDate? StartedOn { get; init; }

    /// <summary>The day it was completed.</summary>
    public required LocalDate CompletedOn { get; init; }

    /// <summary>The discipline.</summary>
    public string? Subject { get; init; }

    /// <summary>The certificate, where the outcome is one.</summary>
    public CertificateRecord? Certificate { get; init; }

    /// <summary>The submission it came with.</summary>
    public required OutcomeSource Source { get; init; }

    /// <summary>When it was first recorded in this account.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The account it came from in a merge; missing where it was recorded here.</summary>
    public string? TakenOverFrom { get; init; }

    /// <summary>What it is worth, and why.</summary>
    public RecognitionBody? Recognition { get; init; }

    /// <summary>
    /// The first day on which what is still free of it can no longer be used; missing when it never expires.
    /// </summary>
    public LocalDate? ExpiresOn { get; init; }

    /// <summary>Where that worth is now, in the source's unit.</summary>
    public required UnitBalanceBody Balance { get; init; }

    /// <summary>The same in standard credit.</summary>
    public required UnitBalanceBody StandardBalance { get; init; }

    /// <summary>The body of a view.</summary>
    public static OutcomeBody Of(OutcomeView view) =>
        new()
        {
            OutcomeId = view.OutcomeId,
            InstitutionId = view.Record.InstitutionId,
            RecordId = view.Record.RecordId,
            Revision = view.Record.Revision,
            Status = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(view.Status.ToString()),
            Kind = view.Record.Kind,
            CourseCode = view.Record.CourseCode,
            Title = view.Record.Title,
            Credits = view.Record.Credits,
            Unit = view.Record.Unit,
            Hours = view.Record.Hours,
            Level = view.Record.Level,
            Result = view.Record.Result,
            Grade = view.Record.GradeValue is null
                ? null
                : new RecordedGrade(view.Record.GradeScale, view.Record.GradeValue),
            StartedOn = view.Record.StartedOn,
            CompletedOn = view.Record.CompletedOn,
            Subject = view.Record.Subject,
            Certificate = view.Record.Certificate,
            Source = view.Source,
            RecordedAt = view.RecordedAt,
            TakenOverFrom = view.TakenOverFrom,
            Recognition = view.Recognition is { } recognised
                ? new RecognitionBody(
                    recognised.RuleSetVersion,
                    recognised.Clauses,
                    recognised.Level,
                    recognised.Value.Standard
                )
                : null,
            ExpiresOn = view.Recognition?.ExpiresOn,
            Balance = UnitBalanceBody.Of(
                view.Balances.Units.Find(sums => sums.Unit == view.Record.Unit) ?? new() { Unit = view.Record.Unit }
            ),
            StandardBalance = UnitBalanceBody.Of(view.Balances.Standard),
        };
}

/// <summary>Lists an account's outcomes.</summary>
public static class GetOutcomesEndpoint
{
    /// <summary>The outcomes in the order in which they were recorded, withdrawn and revoked ones included.</summary>
    [WolverineGet("/v1/accounts/{accountId}/outcomes", OperationId = "listOutcomes")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [AsksAsOf]
    [AsksPage]
    [ProducesResponseType<PageBody<OutcomeBody>>(StatusCodes.Status200OK)]
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
            ConsentScopes.Outcomes,
            cancellation
        );
        return view is null
            ? refused!
            : page.Answer(
                http,
                [
                    .. OutcomeView
                        .Fold(view.Facts, view.EffectiveOn)
                        .Where(outcome => outcome.Position > after)
                        .Take(page.Limit + 1),
                ],
                outcome => outcome.Position.ToString(CultureInfo.InvariantCulture),
                OutcomeBody.Of
            );
    }
}
