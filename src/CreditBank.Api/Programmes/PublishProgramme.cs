using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Institutions;
using CreditBank.Api.RuleSets;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Programmes;

/// <summary>Publishes a programme, or its next version.</summary>
public sealed record PublishProgramme
{
    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>The level of its award in the framework, from 1.</summary>
    public required int Level { get; init; }

    /// <summary>What it takes to finish, in standard credit; more than 0.</summary>
    public required Credits TotalCredits { get; init; }

    /// <summary>The family of rule sets that decides, such as <c>sqf</c>.</summary>
    public required string RuleSetFamily { get; init; }

    /// <summary>Its courses; codes are unique within it.</summary>
    public required IReadOnlyList<CourseBody> Courses { get; init; }
}

/// <summary>A course of a programme.</summary>
public sealed record CourseBody
{
    /// <summary>Unique within the programme.</summary>
    public required string CourseCode { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>In standard credit; more than 0.</summary>
    public required Credits Credits { get; init; }

    /// <summary>The programme's own category, such as <c>core</c> or <c>foundation</c>.</summary>
    public required string Category { get; init; }

    /// <summary>Whether the award needs it.</summary>
    public required bool Compulsory { get; init; }
}

/// <summary>Publishes programmes.</summary>
public static class PublishProgrammeEndpoint
{
    /// <summary>The highest level any framework counts to.</summary>
    public const int LevelMax = 20;

    private const int CoursesMax = 500;
    private const decimal CreditsMax = 1_000;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<PublishProgramme>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Title).Text(200);
            RuleFor(command => command.Level)
                .Must(level => level is >= 1 and <= LevelMax)
                .Says("field.level", $"级别应为 1 至 {LevelMax}。", $"A level is 1 to {LevelMax}.");
            RuleFor(command => command.TotalCredits)
                .Must(IsSize)
                .Says(
                    "field.credits",
                    $"应大于 0，至多 {CreditsMax}。",
                    $"Must be more than 0 and at most {CreditsMax}."
                );
            RuleFor(command => command.RuleSetFamily).Slug();
            RuleFor(command => command.Courses)
                .Must(courses => courses is { Count: >= 1 and <= CoursesMax })
                .Says("field.count", $"应有 1 至 {CoursesMax} 门课程。", $"There must be 1 to {CoursesMax} courses.");
            RuleForEach(command => command.Courses).SetValidator(new CourseValidator());
            RuleFor(command => command.Courses).Custom(NameRepeats);
        }

        private static void NameRepeats(IReadOnlyList<CourseBody>? courses, ValidationContext<PublishProgramme> context)
        {
            var seen = new HashSet<string>();
            foreach (var (index, course) in (courses ?? []).Index())
            {
                if (course?.CourseCode is { } code && !seen.Add(code))
                {
                    context.AddFailure(
                        new ValidationFailure($"Courses[{index}].CourseCode", Repeated.En)
                        {
                            ErrorCode = "programme.courseCode",
                            CustomState = Repeated,
                        }
                    );
                }
            }
        }

        private static readonly BilingualText Repeated = new(
            "课程代码重复。",
            "This course code stands above already."
        );
    }

    private sealed class CourseValidator : AbstractValidator<CourseBody>
    {
        public CourseValidator()
        {
            RuleFor(course => course.CourseCode).Text(64);
            RuleFor(course => course.Title).Text(200);
            RuleFor(course => course.Credits)
                .Must(IsSize)
                .Says(
                    "field.credits",
                    $"应大于 0，至多 {CreditsMax}。",
                    $"Must be more than 0 and at most {CreditsMax}."
                );
            RuleFor(course => course.Category).Slug();
        }
    }

    private static bool IsSize(Credits credits) => credits.IsPositive && credits.Value <= CreditsMax;

    /// <summary>
    /// The registry of the institution, or of its successor, publishes; other content is a new version, the same
    /// changes nothing.
    /// </summary>
    [WolverinePut("/v1/institutions/{institutionId}/programmes/{programmeId}", OperationId = "publishProgramme")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "institution.unknown")]
    [Refuses(409, "institution.merged")]
    [Refuses(422, "programme.ruleSetFamily", "programme.tooLarge")]
    [HonoursIfMatch]
    [ProducesResponseType<ProgrammeBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ProgrammeBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Put(
        string institutionId,
        string programmeId,
        PublishProgramme command,
        HttpContext http,
        LedgerBooks books,
        RuleSetLibrary library,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (!FieldRules.IsSlug(programmeId))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "programme.id", IdText);
        }

        await using var session = books.Write(LedgerBooks.Registry, http.Actor());
        if (await session.LoadAsync<Institution>(Institution.StreamOf(institutionId), cancellation) is null)
        {
            return Answers.Refused(AccessRefusals.Unknown("institution"));
        }

        if (await MayNot(http.Caller(), institutionId, books, clock, cancellation) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        var key = Programme.StreamOf(institutionId, programmeId);
        var stream = await session.Events.FetchForWriting<Programme>(key, cancellation);
        var standing = stream.Aggregate?.Published;
        if (http.ExpectsOther(standing?.Version) is { } other)
        {
            return Answers.Refused(other);
        }

        var decision = ProgrammeDecider.Publish(standing, institutionId, programmeId, command, library.Families);
        if (!decision.Is(out var published, out var refused))
        {
            return Answers.Refused(refused);
        }

        if (!ReferenceEquals(published, standing))
        {
            stream.AppendOne(published);
            await session.SaveChangesAsync(cancellation);
        }

        http.Response.Headers.ETag = $"\"{published.Version}\"";
        return Answer(published, isFirst: standing is null);
    }

    private static IResult Answer(ProgrammePublished published, bool isFirst)
    {
        var (path, body) = (
            $"/v1/institutions/{published.InstitutionId}/programmes/{published.ProgrammeId}",
            ProgrammeBody.Of(published)
        );
        return isFirst ? Answers.Created(path, body) : Answers.Ok(body);
    }

    private static async Task<Refusal?> MayNot(
        Caller caller,
        string institutionId,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        return caller.Lacks(CallerRoles.Registry)
            ?? (caller.Is(CallerRoles.Registry, institutionId) ? null : AccessRefusals.Institution)
            ?? await InstitutionReading.IsNoMoreAsync(books, caller.InstitutionId!, today, cancellation);
    }

    private static readonly BilingualText IdText = new(
        "专业编号须为 1 至 64 个字母、数字、点、下划线或连字符。",
        "A programme's id is 1 to 64 letters, digits, dots, underscores or hyphens."
    );
}
