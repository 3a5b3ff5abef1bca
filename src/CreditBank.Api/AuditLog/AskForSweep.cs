using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.AuditLog;

/// <summary>Compares events and logs whole when an auditor wants it.</summary>
public static class AskForSweepEndpoint
{
    /// <summary>
    /// Has every book compared with its log in the background. What it finds shows in the list of audit books, in
    /// <c>/health/ready</c> and in the metrics.
    /// </summary>
    [WolverinePost("/v1/audit/sweeps", OperationId = "askForSweep")]
    [Refuses(403, "access.role")]
    [ProducesResponseType(StatusCodes.Status202Accepted)]
    public static IResult Post(HttpContext http, SweepWorker sweeps)
    {
        if (http.Caller().Lacks(CallerRoles.Auditor) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        sweeps.Ask();
        return TypedResults.Accepted("/v1/audit/books");
    }
}
