using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Awards;

/// <summary>Decides that an award under review stands.</summary>
public sealed record UpholdAward
{
    /// <summary>Why; 1 to 2,000 characters. Kept sealed.</summary>
    public required string Reason { get; init; }
}

/// <summary>Takes an award back.</summary>
public sealed record RescindAward
{
    /// <summary>One of the reasons of corrections, such as <c>fraud</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in words; 1 to 2,000 characters. Kept sealed.</summary>
    public required string Text { get; init; }
}

/// <summary>Decides on awards that were conferred.</summary>
public static class ReviewAwardEndpoint
{
    private const int WordsLengthMax = 2_000;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class UpholdValidator : AbstractValidator<UpholdAward>
    {
        /// <summary>The rules.</summary>
        public UpholdValidator() => RuleFor(command => command.Reason).Text(WordsLengthMax);
    }

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class RescindValidator : AbstractValidator<RescindAward>
    {
        /// <summary>The rules.</summary>
        public RescindValidator()
        {
            RuleFor(command => command.Reason).OneOf(CorrectionReasons.All);
            RuleFor(command => command.Text).Text(WordsLengthMax);
        }
    }

    /// <summary>
    /// An approver, who did not confer it, finds that an award stands although an outcome behind it changed.
    /// </summary>
    [WolverinePost("/v1/awards/{awardId}/review", OperationId = "upholdAward")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "award.unknown")]
    [Refuses(409, "account.erased", "award.state", "institution.merged", "institution.suspended")]
    [ProducesResponseType<AwardBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Uphold(
        string awardId,
        UpholdAward command,
        HttpContext http,
        AwardDesk desk,
        CancellationToken cancellation
    ) =>
        desk.Change(
            awardId,
            takesBack: false,
            command.Reason,
            http,
            (award, noteId) => Widened(AwardDecider.Uphold(award, http.Caller().ActorId, noteId, desk.Today)),
            cancellation
        );

    /// <summary>An approver of the institution takes an award back, under review or not.</summary>
    [WolverinePost("/v1/awards/{awardId}/rescission", OperationId = "rescindAward")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "award.unknown")]
    [Refuses(409, "account.erased", "award.state", "institution.merged")]
    [ProducesResponseType<AwardBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Rescind(
        string awardId,
        RescindAward command,
        HttpContext http,
        AwardDesk desk,
        CancellationToken cancellation
    ) =>
        desk.Change(
            awardId,
            takesBack: true,
            command.Text,
            http,
            (award, noteId) => Widened(AwardDecider.Rescind(award, command.Reason, noteId, desk.Today)),
            cancellation
        );

    private static Decision<object> Widened<T>(Decision<T> decision)
        where T : class => decision.Is(out var decided, out var refusal) ? (Decision<object>)decided : refusal;
}
