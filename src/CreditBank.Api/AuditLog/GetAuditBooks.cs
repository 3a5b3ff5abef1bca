using System.Text;
using CreditBank.Api.Infrastructure.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.AuditLog;

/// <summary>An audit log as anyone may see it.</summary>
/// <param name="Book">The book; <c>top</c> for the log over all books.</param>
/// <param name="Origin">What names it in checkpoints.</param>
/// <param name="Vkeys">The keys that sign it (C2SP signed-note), the current one first.</param>
/// <param name="Size">The leaves of the newest signed checkpoint; none before the first.</param>
/// <param name="LateEvents">How many events came late, as far as this node knows.</param>
/// <param name="Alarms">What a person must look at.</param>
public sealed record AuditBookBody(
    string Book,
    string Origin,
    IReadOnlyList<string> Vkeys,
    long? Size,
    long LateEvents,
    IReadOnlyList<AuditAlarmBody> Alarms
);

/// <summary>A finding of the completeness sweep.</summary>
/// <param name="Code">What, such as <c>audit.event.missing</c>.</param>
/// <param name="Place">A sequence number of the book; for tiles the first leaf.</param>
/// <param name="EventId">The event, where it is known.</param>
/// <param name="FoundAt">When it was found first.</param>
public sealed record AuditAlarmBody(string Code, long Place, Guid? EventId, Instant FoundAt);

/// <summary>Lists the audit logs and their keys.</summary>
public static class GetAuditBooksEndpoint
{
    /// <summary>Every audit log with its keys, the books first, the log over all of them last.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/audit/books", OperationId = "listAuditBooks")]
    [ProducesResponseType<IReadOnlyList<AuditBookBody>>(StatusCodes.Status200OK)]
    public static IResult Get(AuditLogs logs, AuditLogStatus status) =>
        Answers.Ok<IReadOnlyList<AuditBookBody>>([.. logs.All.Select(log => BodyOf(log, logs, status.Of(log)))]);

    /// <summary>The keys of every log, one a line, in the form of C2SP signed-note.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/audit/vkey", OperationId = "getAuditKeys")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "text/plain")]
    public static IResult GetKeys(AuditLogs logs) => TypedResults.Text(AuditPolicy.KeysOf(logs), "text/plain");

    /// <summary>The keys as a policy file (C2SP tlog-policy), with the witnesses that the bank asks.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/audit/policy", OperationId = "getAuditPolicy")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "text/plain")]
    public static IResult GetPolicy(AuditLogs logs) => TypedResults.Text(AuditPolicy.Of(logs), "text/plain");

    private static AuditBookBody BodyOf(string log, AuditLogs logs, LogStatus status) =>
        new(
            log,
            logs.OriginOf(log),
            [.. logs.KeysOf(log).Select(key => key.ToString())],
            status.Checkpoint?.Size,
            status.LateEvents,
            [
                .. status.Alarms.Select(alarm => new AuditAlarmBody(
                    alarm.Code,
                    alarm.Place,
                    alarm.EventId,
                    alarm.FoundAt
                )),
            ]
        );
}

/// <summary>The texts that tell auditors which keys to trust.</summary>
internal static class AuditPolicy
{
    /// <summary>A key a line.</summary>
    public static string KeysOf(AuditLogs logs) =>
        string.Concat(logs.All.SelectMany(logs.KeysOf).Select(key => $"{key}\n"));

    /// <summary>A policy that trusts the logs, and the witnesses for whoever wants a quorum of them.</summary>
    public static string Of(AuditLogs logs)
    {
        var text = new StringBuilder();
        foreach (var key in logs.All.SelectMany(logs.KeysOf))
        {
            text.Append("log ").Append(key).Append('\n');
        }

        var number = 0;
        foreach (var witness in logs.Settings.Policy?.Witnesses ?? [])
        {
            text.Append("witness w").Append(++number).Append(' ').Append(witness.Key);
            text.Append(witness.Url is { } url ? $" {url}\n" : "\n");
        }

        return text.Append("quorum none\n").ToString();
    }
}
