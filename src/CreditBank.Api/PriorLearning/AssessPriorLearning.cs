using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Kernel.Identifiers;
using CreditBank.Ledger.Events;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.PriorLearning;

/// <summary>Says what prior learning is worth.</summary>
public sealed record AssessPriorLearning
{
    /// <summary>What it is worth; missing when it is worth nothing.</summary>
    public FoundBody? Found { get; init; }

    /// <summary>
    /// How it was assessed: one of <c>portfolio</c>, <c>interview</c>, <c>examination</c>, <c>demonstration</c>.
    /// </summary>
    public required string Method { get; init; }

    /// <summary>Why; 1 to 2,000 characters. Kept sealed.</summary>
    public required string Reason { get; init; }
}

/// <summary>What prior learning is worth.</summary>
public sealed record FoundBody
{
    /// <summary>The course it covers, or a code of its own for it.</summary>
    public required string CourseCode { get; init; }

    /// <summary>What was learned, in the institution's words, without personal data.</summary>
    public required string Title { get; init; }

    /// <summary>More than 0, at most 100, in <see cref="Unit"/>.</summary>
    public required Credits Credits { get; init; }

    /// <summary>The institution's unit, such as <c>cn-credit</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Its level.</summary>
    public StatedLevel? Level { get; init; }
}

/// <summary>Decides on an assessment.</summary>
public sealed record DecidePriorLearning
{
    /// <summary><c>recognise</c> or <c>refuse</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Why; the learner reads it. 1 to 2,000 characters, kept sealed.</summary>
    public required string Reason { get; init; }
}

/// <summary>Assesses prior learning and decides on it: two persons of one institution.</summary>
public static class AssessPriorLearningEndpoint
{
    private const int WordsLengthMax = 2_000;
    private const int CreditsMax = 100;
    private const string Recognise = "recognise";
    private static readonly string[] Methods = ["portfolio", "interview", "examination", "demonstration"];

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class AssessmentValidator : AbstractValidator<AssessPriorLearning>
    {
        /// <summary>The rules.</summary>
        public AssessmentValidator()
        {
            RuleFor(command => command.Found!)
                .SetValidator(new FoundValidator())
                .When(command => command.Found is not null);
            RuleFor(command => command.Method).OneOf(Methods);
            RuleFor(command => command.Reason).Text(WordsLengthMax);
        }
    }

    private sealed class FoundValidator : AbstractValidator<FoundBody>
    {
        public FoundValidator()
        {
            RuleFor(found => found.CourseCode).Text(64);
            NoIdentityNumber(RuleFor(found => found.CourseCode));
            RuleFor(found => found.Title).Text(200);
            NoIdentityNumber(RuleFor(found => found.Title));
            RuleFor(found => found.Credits)
                .Must(credits => credits.IsPositive && credits.Value <= CreditsMax)
                .Says(
                    "field.credits",
                    $"应大于 0，至多 {CreditsMax}。",
                    $"Must be more than 0 and at most {CreditsMax}."
                );
            RuleFor(found => found.Unit).Text(32);
            RuleFor(found => found.Level)
                .Must(level => level is not { } stated || FieldRules.IsText(stated.Text, 32))
                .Says(
                    "field.text",
                    "须为 1 至 32 个字符，不含控制符。",
                    "Must be 1 to 32 characters without controls."
                );
        }
    }

    private static void NoIdentityNumber(IRuleBuilder<FoundBody, string> rule) =>
        rule.Must(text => text is null || !IdentityNumberScan.LooksLikeIdentityNumber(text))
            .Says("field.identityNumber", "不得含有证件号码。", "Must not hold an identity number.");

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class DecisionValidator : AbstractValidator<DecidePriorLearning>
    {
        /// <summary>The rules.</summary>
        public DecisionValidator()
        {
            RuleFor(command => command.Decision).OneOf([Recognise, "refuse"]);
            RuleFor(command => command.Reason).Text(WordsLengthMax);
        }
    }

    /// <summary>
    /// An evaluator of the institution, who is not the learner, says what it is worth, and how that was found.
    /// </summary>
    [WolverinePost("/v1/prior-learning/{portfolioId}/assessment", OperationId = "assessPriorLearning")]
    [HonoursIfMatch]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "priorLearning.unknown")]
    [Refuses(409, "account.erased", "institution.merged", "institution.suspended", "priorLearning.state")]
    [ProducesResponseType<PortfolioBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Assess(
        string portfolioId,
        AssessPriorLearning command,
        HttpContext http,
        PriorLearningDesk desk,
        CancellationToken cancellation
    )
    {
        var found = command.Found is { } body
            ? new PriorLearningWorth(body.CourseCode, body.Title, body.Credits, body.Unit, body.Level?.Text)
            : null;
        return desk.Change(
            portfolioId,
            CallerRoles.Evaluator,
            givesBack: false,
            command.Reason,
            http,
            (portfolio, noteId, _) =>
                PriorLearningDecider
                    .Assess(portfolio, found, command.Method, http.Caller().ActorId, noteId, desk.Today)
                    .Is(out var assessed, out var no)
                    ? (Decision<object>)assessed
                    : no,
            cancellation
        );
    }

    /// <summary>
    /// An approver of the institution, another person than the learner and the assessor, decides. Recognised, it is an
    /// outcome of the account from the same moment, issued by the institution.
    /// </summary>
    [WolverinePost("/v1/prior-learning/{portfolioId}/decision", OperationId = "decidePriorLearning")]
    [HonoursIfMatch]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "priorLearning.unknown")]
    [Refuses(409, "account.erased", "institution.merged", "institution.suspended", "priorLearning.state")]
    [Refuses(422, "priorLearning.notAccredited", "priorLearning.nothingFound", "record.unit")]
    [ProducesResponseType<PortfolioBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Decide(
        string portfolioId,
        DecidePriorLearning command,
        HttpContext http,
        PriorLearningDesk desk,
        CancellationToken cancellation
    ) =>
        desk.Change(
            portfolioId,
            CallerRoles.Approver,
            givesBack: command.Decision != Recognise,
            command.Reason,
            http,
            (portfolio, noteId, accreditation) =>
                PriorLearningDecider.Decide(
                    portfolio,
                    command.Decision == Recognise,
                    http.Caller().ActorId,
                    noteId,
                    accreditation,
                    desk.Today
                ),
            cancellation
        );
}
