using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Kernel.Identifiers;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Institutions;

/// <summary>Takes an institution in.</summary>
public sealed record RegisterInstitution
{
    /// <summary>Its id, chosen by the bank: letters, digits, <c>.</c>, <c>_</c>, <c>-</c>; at most 64.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>Its name.</summary>
    public required BilingualText Name { get; init; }

    /// <summary>What it is: one of <see cref="InstitutionKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public required string Country { get; init; }

    /// <summary>GB 32100; required in <c>CN</c>, absent elsewhere.</summary>
    public string? UnifiedSocialCreditCode { get; init; }

    /// <summary>What it may issue, and when.</summary>
    public required AccreditationBody Accreditation { get; init; }
}

/// <summary>What an institution may issue.</summary>
public sealed record AccreditationBody
{
    /// <summary>Kinds of outcome.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>Levels of the framework; empty or missing means all.</summary>
    public IReadOnlyList<int>? Levels { get; init; }

    /// <summary>The first day, inclusive.</summary>
    public required LocalDate From { get; init; }

    /// <summary>The day it ends, exclusive; missing means open.</summary>
    public LocalDate? To { get; init; }
}

/// <summary>What institutions can be.</summary>
public static class InstitutionKinds
{
    /// <summary>All kinds.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "university",
        "vocationalCollege",
        "openUniversity",
        "school",
        "trainingProvider",
        "certificateAuthority",
        "industryAssociation",
        "community",
        "employer",
    ];
}

/// <summary>Registers an institution.</summary>
public static class RegisterInstitutionEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<RegisterInstitution>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.InstitutionId).Slug();
            RuleFor(command => command.Name.Zh).Text(200);
            RuleFor(command => command.Name.En).Text(200);
            RuleFor(command => command.Kind).OneOf(InstitutionKinds.All);
            RuleFor(command => command.Country)
                .Must(country => country.Length == 2 && country.All(char.IsAsciiLetterUpper))
                .Says("field.country", "应为 ISO 3166-1 两位大写国家代码。", "Must be an ISO 3166-1 alpha-2 code.");
            RuleFor(command => command.UnifiedSocialCreditCode)
                .Must((command, code) => (command.Country == "CN") == (code is not null))
                .Says(
                    "institution.socialCreditCode",
                    "境内机构必填统一社会信用代码，境外机构不填。",
                    "Required in CN and absent elsewhere."
                );
            RuleFor(command => command.UnifiedSocialCreditCode)
                .Must(code => code is null || SocialCreditCode.TryParse(code, out _, out _))
                .Says(
                    "institution.socialCreditCodeChecksum",
                    "不是有效的统一社会信用代码（GB 32100）。",
                    "Not a valid unified social credit code (GB 32100)."
                );
            RuleForEach(command => command.Accreditation.Kinds).OneOf(OutcomeKinds.All);
            RuleFor(command => command.Accreditation.Kinds)
                .Must(kinds => kinds.Count > 0)
                .Says("field.empty", "至少一项。", "At least one.");
            RuleFor(command => command.Accreditation.From)
                .Must(from => from >= BankCalendar.EarliestOn)
                .Says("field.period", "日期早于 1900 年。", "The day is before 1900.");
            RuleFor(command => command.Accreditation.To)
                .Must((command, to) => to is null || to > command.Accreditation.From)
                .Says("field.period", "结束日须晚于开始日。", "The end must be after the start.");
        }
    }

    /// <summary>The operator registers an institution; its id can be used once.</summary>
    [WolverinePost("/v1/institutions", OperationId = "registerInstitution")]
    [Refuses(403, "access.role")]
    [Refuses(409, "institution.exists")]
    [ProducesResponseType<InstitutionBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        RegisterInstitution command,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Operator) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        await using var session = books.Write(LedgerBooks.Registry, http.Actor());
        var stream = Institution.StreamOf(command.InstitutionId);
        if (await session.Events.FetchStreamStateAsync(stream, cancellation) is not null)
        {
            return Answers.Refused(Taken);
        }

        var registered = Decide(command);
        session.Events.StartStream<Institution>(stream, registered);
        await session.SaveChangesAsync(cancellation);
        return Answers.Created($"/v1/institutions/{command.InstitutionId}", InstitutionBody.Of(registered));
    }

    /// <summary>The event a valid command becomes.</summary>
    public static InstitutionRegistered Decide(RegisterInstitution command) =>
        new(
            command.InstitutionId,
            command.Name,
            command.Kind,
            command.Country,
            command.UnifiedSocialCreditCode is { } code && SocialCreditCode.TryParse(code, out var parsed, out _)
                ? parsed.Value
                : null,
            new Accreditation(
                command.Accreditation.Kinds,
                command.Accreditation.Levels ?? [],
                command.Accreditation.From,
                command.Accreditation.To
            )
        );

    private static readonly Refusal Taken = new(
        "institution.exists",
        RefusalKind.Conflict,
        new BilingualText("该机构编号已被使用。", "An institution of this id is registered already.")
    )
    {
        State = "registered",
    };
}
