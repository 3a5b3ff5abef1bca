using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine;
using Wolverine.Http;

namespace CreditBank.Api.Audit;

/// <summary>Asks for a replay.</summary>
public sealed record StartReplay
{
    /// <summary>Also add up what was known at this instant, inclusive; missing leaves that out.</summary>
    public Instant? KnownAt { get; init; }

    /// <summary>
    /// Reserved: decisions are replayed under the version that each was made under, so naming one is refused.
    /// </summary>
    public string? RuleSet { get; init; }
}

/// <summary>Starts replays.</summary>
public static class StartReplayEndpoint
{
    /// <summary>An auditor has every balance recomputed from the events and compared with what is shown.</summary>
    [WolverinePost("/v1/audit/replays", OperationId = "startReplay")]
    [Refuses(403, "access.role")]
    [Refuses(422, "replay.ruleSet", "time.notSettled")]
    [ProducesResponseType<ReplayBody>(StatusCodes.Status202Accepted)]
    public static async Task<IResult> Post(
        StartReplay command,
        HttpContext http,
        LedgerBooks books,
        IMessageBus bus,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (caller.Lacks(CallerRoles.Auditor) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (command.RuleSet is not null)
        {
            return Answers.Refused(RuleSetIsPinned);
        }

        await using var session = books.Write(LedgerBooks.Registry, http.Actor());
        if (await SettledTime.RefuseAsync(session, command.KnownAt, cancellation) is { } notSettled)
        {
            return Answers.Refused(notSettled);
        }

        var replay = new Replay
        {
            Id = "rep-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10)),
            RequestedBy = caller.ActorId,
            RequestedAt = clock.GetCurrentInstant(),
            KnownAt = command.KnownAt,
            State = Replay.Queued,
        };
        session.Insert(replay);
        await session.SaveChangesAsync(cancellation);

        // A crash between these two leaves it queued; ReplayResumption finds it at the next start.
        await bus.PublishAsync(new RunReplay(replay.Id));
        return TypedResults.Accepted($"/v1/audit/replays/{replay.Id}", ReplayBody.Of(replay, replay.RequestedAt));
    }

    private static readonly Refusal RuleSetIsPinned = new(
        "replay.ruleSet",
        RefusalKind.Rule,
        new BilingualText(
            "重放按各决定当时的规则版本进行，不能另选版本。",
            "A replay uses the version each decision was made under; another one cannot be chosen."
        )
    );
}
