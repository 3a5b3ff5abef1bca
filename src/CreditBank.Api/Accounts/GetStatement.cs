using System.Globalization;
using System.Text.Json;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>One line of a statement.</summary>
public sealed record StatementLineBody
{
    /// <summary>What it tells: <c>deposit</c>, <c>recognition</c>, <c>hold</c>, <c>conversion</c> ...</summary>
    public required string Kind { get; init; }

    /// <summary>The same in words.</summary>
    public required string Text { get; init; }

    /// <summary>When it was recorded.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The day from which it is true.</summary>
    public required LocalDate EffectiveOn { get; init; }

    /// <summary>The outcome.</summary>
    public string? OutcomeId { get; init; }

    /// <summary>The transfer.</summary>
    public string? TransferId { get; init; }

    /// <summary>The course.</summary>
    public string? CourseCode { get; init; }

    /// <summary>The course's title.</summary>
    public string? Title { get; init; }

    /// <summary>The programme, <c>institutionId/programmeId</c>.</summary>
    public string? Programme { get; init; }

    /// <summary>How much, in <see cref="Unit"/>; the kind says in which direction.</summary>
    public required Credits Amount { get; init; }

    /// <summary>The unit of <see cref="Amount"/> and of the two balances below.</summary>
    public required string Unit { get; init; }

    /// <summary>The same in standard credit; missing for deposits and grants, which move none.</summary>
    public Credits? StandardAmount { get; init; }

    /// <summary>Available after this line, in <see cref="Unit"/>.</summary>
    public required Credits Available { get; init; }

    /// <summary>Held after this line, in <see cref="Unit"/>.</summary>
    public required Credits Held { get; init; }

    /// <summary>Available after this line, in standard credit.</summary>
    public required Credits StandardAvailable { get; init; }

    /// <summary>Held after this line, in standard credit.</summary>
    public required Credits StandardHeld { get; init; }

    /// <summary>The clauses that produced the figure.</summary>
    public IReadOnlyList<Citation>? Clauses { get; init; }

    /// <summary>The body of a line, in a language.</summary>
    public static StatementLineBody Of(StatementLine line, Language language) =>
        new()
        {
            Kind = JsonNamingPolicy.CamelCase.ConvertName(line.Kind.ToString()),
            Text = TextOf(line.Kind).In(language),
            RecordedAt = line.RecordedAt,
            EffectiveOn = line.EffectiveOn,
            OutcomeId = line.OutcomeId,
            TransferId = line.TransferId,
            CourseCode = line.CourseCode,
            Title = line.Title,
            Programme = line.Programme,
            Amount = line.Worth.Amount,
            Unit = line.Worth.Unit,
            StandardAmount = MovesStandard(line.Kind) ? line.Worth.Standard : null,
            Available = line.Available,
            Held = line.Held,
            StandardAvailable = line.StandardAvailable,
            StandardHeld = line.StandardHeld,
            Clauses = line.Clauses.Count == 0 ? null : line.Clauses,
        };

    private static bool MovesStandard(StatementKind kind) =>
        kind
            is not (
                StatementKind.Deposit
                or StatementKind.Grant
                or StatementKind.GrantReversal
                or StatementKind.GrantHandedOver
                or StatementKind.GrantTakenOver
            );

    private static BilingualText TextOf(StatementKind kind) =>
        kind switch
        {
            StatementKind.Deposit => new("存入学习成果", "A record was deposited"),
            StatementKind.Recognition => new("依规则认定学分", "The rules recognised its credit"),
            StatementKind.Correction => new("更正：撤回原认定", "Correction: what was recognised before is taken back"),
            StatementKind.Hold => new("转换申请冻结", "Set aside for a transfer"),
            StatementKind.Release => new("解除冻结", "Released; available again"),
            StatementKind.Conversion => new("转换为专业学分", "Converted to credit of a programme"),
            StatementKind.Forfeiture => new("依规则失去", "Lost by rule in the conversion"),
            StatementKind.Grant => new("专业授予学分", "Granted by the programme"),
            StatementKind.Reversal => new("冲回转换", "A conversion was taken back; available again"),
            StatementKind.ForfeitureReversal => new("冲回失去部分", "What was lost with it is available again"),
            StatementKind.GrantReversal => new("冲回专业授予", "What the programme granted was taken back"),
            StatementKind.Withdrawal => new("出具机构撤回记录", "The issuer took the record back"),
            StatementKind.Revocation => new("出具机构撤销记录", "The issuer revoked the record"),
            StatementKind.HandedOver => new("并户转出", "Handed over to the person's other account"),
            StatementKind.TakenOver => new("并户转入", "Taken over from the person's other account"),
            StatementKind.GrantHandedOver => new("专业授予随并户转出", "What the programme granted was handed over"),
            StatementKind.GrantTakenOver => new("专业授予随并户转入", "What the programme granted was taken over"),
            StatementKind.Expiry => new("期满失效", "Expired"),
            StatementKind.ExpiryReversal => new("冲回期满失效", "Its expiry was taken back; available again"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}

/// <summary>Shows an account's statement.</summary>
public static class GetStatementEndpoint
{
    /// <summary>
    /// Every movement in the order of recording, with the balances after it and the clauses behind it.
    /// </summary>
    [WolverineGet("/v1/accounts/{accountId}/statement", OperationId = "getStatement")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [AsksAsOf]
    [AsksPage]
    [ProducesResponseType<PageBody<StatementLineBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (!Page.TryRead(http, out var page, out var wrong) || !TryPosition(page, out var after, out wrong))
        {
            return wrong!;
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
        var lines = Statement
            .Of(view.Facts, view.EffectiveOn)
            .Where(line => line.Position.CompareTo(after) > 0)
            .Take(page.Limit + 1)
            .ToList();
        return page.Answer(http, lines, line => line.Cursor, line => StatementLineBody.Of(line, language));
    }

    /// <summary>A cursor is an event's version and a line's part: <c>12.0</c>.</summary>
    private static bool TryPosition(Page page, out (long Version, int Part) position, out IResult? refused)
    {
        (position, refused) = ((0, -1), null);
        if (page.After is not { } after)
        {
            return true;
        }

        var parts = after.Split('.');
        if (
            parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var part)
        )
        {
            position = (version, part);
            return true;
        }

        refused = Page.WrongCursor;
        return false;
    }
}
