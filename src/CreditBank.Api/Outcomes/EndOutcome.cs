using CreditBank.Api.Infrastructure.Http;
using CreditBank.Ledger.Events;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Outcomes;

/// <summary>Why an outcome is withdrawn or revoked.</summary>
public sealed record EndOutcome
{
    /// <summary>Why: <c>issuerError</c>, <c>wrongPerson</c>, <c>fraud</c>, <c>certificateVoid</c> ...</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in words. Kept sealed.</summary>
    public string? Text { get; init; }
}

/// <summary>Ends outcomes.</summary>
public static class EndOutcomeEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<EndOutcome>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Reason).OneOf(CorrectionReasons.All);
            RuleFor(command => command.Text).OptionalText(2000);
        }
    }

    /// <summary>
    /// The issuer takes back what should not have been posted. Nothing of it is left: lines of transfers that rest on
    /// it are taken back whole, posted or not, and their transfers are named in the answer.
    /// </summary>
    [WolverinePost("/v1/outcomes/{outcomeId}/withdrawal", OperationId = "withdrawOutcome")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "outcome.unknown")]
    [Refuses(409, "institution.merged", "outcome.ended", "outcome.personErased")]
    [ProducesResponseType<OutcomeChangeBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Withdraw(
        string outcomeId,
        EndOutcome command,
        HttpContext http,
        OutcomeChanges changes,
        CancellationToken cancellation
    ) =>
        changes.Change(
            outcomeId,
            command.Text,
            http,
            new OutcomeChange(
                (standing, noteId, today) => OutcomeDecider.Withdraw(standing, command.Reason, noteId, today)
            ),
            cancellation
        );

    /// <summary>
    /// The issuer revokes what was rightly posted and no longer holds. Nothing of it is left: lines of transfers that
    /// rest on it are taken back whole, posted or not, and their transfers are named in the answer.
    /// </summary>
    [WolverinePost("/v1/outcomes/{outcomeId}/revocation", OperationId = "revokeOutcome")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "outcome.unknown")]
    [Refuses(409, "institution.merged", "outcome.ended", "outcome.personErased")]
    [ProducesResponseType<OutcomeChangeBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Revoke(
        string outcomeId,
        EndOutcome command,
        HttpContext http,
        OutcomeChanges changes,
        CancellationToken cancellation
    ) =>
        changes.Change(
            outcomeId,
            command.Text,
            http,
            new OutcomeChange(
                (standing, noteId, today) => OutcomeDecider.Revoke(standing, command.Reason, noteId, today)
            ),
            cancellation
        );
}
