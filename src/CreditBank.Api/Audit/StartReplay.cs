using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.RuleSets;
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
    /// Also evaluate every decision again under this version, published or drafted; missing leaves that out.
    /// </summary>
    public string? RuleSet { get; init; }
}

/// <summary>Starts replays.</summary>
public static class StartReplayEndpoint
{
    /// <summary>
    /// An auditor has every balance recomputed from the events and compared with what is shown; and, where a version is
    /// named, every recognition and approved transfer evaluated again under it. Nothing changes by it.
    /// </summary>
    [WolverinePost("/v1/audit/replays", OperationId = "startReplay")]
    [Refuses(403, "access.role")]
    [Refuses(422, "replay.ruleSet", "time.notSettled")]
    [ProducesResponseType<ReplayBody>(StatusCodes.Status202Accepted)]
    public static async Task<IResult> Post(
        StartReplay command,
        HttpContext http,
        LedgerBooks books,
        RuleSetLibrary library,
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

        OtherRules? other = null;
        if (command.RuleSet is { } version)
        {
            other = FieldRules.IsSlug(version)
                ? await OtherRules.FindAsync(books, library, version, cancellation)
                : null;
            if (other is null)
            {
                return Answers.Refused(NoSuchVersion);
            }
        }

        await using var session = books.Write(LedgerBooks.Registry, http.Actor());
        if (await books.Settled.RefuseAsync(session, command.KnownAt, cancellation) is { } notSettled)
        {
            return Answers.Refused(notSettled);
        }

        var replay = new Replay
        {
            Id = "rep-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10)),
            RequestedBy = caller.ActorId,
            RequestedAt = clock.GetCurrentInstant(),
            KnownAt = command.KnownAt,
            RuleSet = other?.Rules.Reference,
            State = Replay.Queued,
        };
        session.Insert(replay);
        await session.SaveChangesAsync(cancellation);

        // A crash between these two leaves it queued; ReplayResumption finds it at the next start.
        await bus.PublishAsync(new RunReplay(replay.Id));
        return TypedResults.Accepted($"/v1/audit/replays/{replay.Id}", ReplayBody.Of(replay, replay.RequestedAt));
    }

    private static readonly Refusal NoSuchVersion = new(
        "replay.ruleSet",
        RefusalKind.Rule,
        new BilingualText("没有这个规则集版本。", "There is no such version of a rule set.")
    );
}
