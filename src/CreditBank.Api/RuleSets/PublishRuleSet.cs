using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using FluentValidation;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.RuleSets;

/// <summary>Publishes a draft.</summary>
public sealed record PublishRuleSet
{
    /// <summary>
    /// The first day in force; missing means the day the documents name. Another day gives another hash.
    /// </summary>
    public LocalDate? EffectiveFrom { get; init; }

    /// <summary>The hash of the draft as the approver has seen it; a draft that has changed since is refused.</summary>
    public string? Hash { get; init; }
}

/// <summary>Publishes drafts.</summary>
public static class PublishRuleSetEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<PublishRuleSet>
    {
        /// <summary>The rules.</summary>
        public Validator() => RuleFor(command => command.Hash).OptionalText(64);
    }

    /// <summary>
    /// A rule approver, another person than the drafter, publishes a draft whose cases still pass. From then on the
    /// version never changes, and it decides from its first day.
    /// </summary>
    [WolverinePost("/v1/rule-sets/{version}/publication", OperationId = "publishRuleSet")]
    [Refuses(403, "access.fourEyes", "access.role")]
    [Refuses(404, "rule-set.unknown")]
    [Refuses(409, "ruleSet.hash", "ruleSet.state")]
    [Refuses(422, "ruleSet.cases", "ruleSet.documents")]
    [ProducesResponseType<RuleSetBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string version,
        PublishRuleSet command,
        HttpContext http,
        RuleSetDesk desk,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (caller.Lacks(CallerRoles.RuleApprover) is { } role)
        {
            return Answers.Refused(role);
        }

        await using var session = desk.Books.Write(LedgerBooks.Registry, http.Actor());
        var stream = await RuleSetDesk.OpenAsync(session, version, cancellation);
        if (stream.Aggregate is not { } standing)
        {
            return Answers.Refused(AccessRefusals.Unknown("rule-set"));
        }

        if (RuleSetDecider.MayNotPublish(standing, caller.ActorId, command.Hash) is { } mayNot)
        {
            return Answers.Refused(mayNot);
        }

        await desk.Library.RefreshAsync(cancellation);
        var check = desk.Check(await FilesAsync(session, standing, cancellation), command.EffectiveFrom);
        var decision = RuleSetDecider.Publish(standing, check, caller.ActorId, command.Hash);
        if (!decision.Is(out var published, out var refusal))
        {
            return refusal == RuleSetRefusals.Documents
                ? Answers.Refused(refusal, RuleSetDesk.FindingsOf(check.Problems))
                : RuleSetDesk.Refused(refusal, check);
        }

        var rules = check.RuleSet!;
        stream.AppendOne(published);
        session.Store(new RuleSetText { Id = rules.Hash, CanonicalJson = rules.CanonicalJson });
        await session.SaveChangesAsync(cancellation);
        await desk.Library.RefreshAsync(cancellation);
        http.Response.Headers.ETag = $"\"{rules.Hash}\"";
        return Answers.Ok(
            RuleSetBody.Of(rules, rules.EffectiveToOn, RuleSetStates.Published, Languages.Of(http.Request))
        );
    }

    private static async Task<IReadOnlyDictionary<string, string>> FilesAsync(
        IQuerySession session,
        RuleSetRecord record,
        CancellationToken cancellation
    ) => (await session.LoadAsync<RuleSetFiles>(record.FilesHash!, cancellation))!.Files;
}
