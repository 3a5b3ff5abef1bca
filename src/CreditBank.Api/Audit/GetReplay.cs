using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Audit;

/// <summary>A replay and what it found.</summary>
public sealed record ReplayBody
{
    private static readonly Duration Silence = Duration.FromMinutes(1);

    /// <summary>Its id.</summary>
    public required string ReplayId { get; init; }

    /// <summary>
    /// <c>queued</c>, <c>running</c>, <c>completed</c>, <c>failed</c>, or <c>interrupted</c>: it has said nothing for a
    /// minute, and starts again when the service that ran it is back.
    /// </summary>
    public required string State { get; init; }

    /// <summary>When it was asked for.</summary>
    public required Instant RequestedAt { get; init; }

    /// <summary>The instant asked for.</summary>
    public Instant? KnownAt { get; init; }

    /// <summary>The version that decisions are replayed under; none for balances alone.</summary>
    public string? RuleSet { get; init; }

    /// <summary>How often it was started; more than once after a restart of the service.</summary>
    public required int Attempts { get; init; }

    /// <summary>How far it is, from 0 to 100.</summary>
    public decimal? Percent { get; init; }

    /// <summary>Events read so far.</summary>
    public long? EventsRead { get; init; }

    /// <summary>Seconds left at the rate so far.</summary>
    public decimal? SecondsLeft { get; init; }

    /// <summary>What it found, once completed.</summary>
    public ReplayReport? Report { get; init; }

    /// <summary>The body of a replay, at an instant.</summary>
    public static ReplayBody Of(Replay replay, Instant now)
    {
        var running = replay.State == Replay.Running;
        return new ReplayBody
        {
            ReplayId = replay.Id,
            State = running && now - replay.ReportedAt > Silence ? "interrupted" : replay.State,
            RequestedAt = replay.RequestedAt,
            KnownAt = replay.KnownAt,
            RuleSet = replay.RuleSet?.Version,
            Attempts = replay.Attempts,
            Percent = running ? replay.Progress?.Percent : null,
            EventsRead = running ? replay.Progress?.EventsRead : null,
            SecondsLeft = running ? replay.Progress?.SecondsLeft : null,
            Report = replay.Report,
        };
    }
}

/// <summary>Shows replays.</summary>
public static class GetReplayEndpoint
{
    /// <summary>An auditor sees how far a replay is, and what it found.</summary>
    [WolverineGet("/v1/audit/replays/{replayId}", OperationId = "getReplay")]
    [Refuses(403, "access.role")]
    [Refuses(404, "replay.unknown")]
    [ProducesResponseType<ReplayBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string replayId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Auditor) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        await using var session = books.Read(LedgerBooks.Registry);
        return await session.LoadAsync<Replay>(replayId, cancellation) is { } replay
            ? Answers.Ok(ReplayBody.Of(replay, clock.GetCurrentInstant()))
            : Answers.Refused(AccessRefusals.Unknown("replay"));
    }
}
