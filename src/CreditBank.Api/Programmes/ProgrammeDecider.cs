using System.Text.Json;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;

namespace CreditBank.Api.Programmes;

/// <summary>Decides whether a published programme is a new version.</summary>
public static class ProgrammeDecider
{
    /// <summary>
    /// The most bytes an event may have, so that its leaf in the audit log stays under 65,535 with the envelope
    /// around it (rulings 8).
    /// </summary>
    public const int BytesMax = 60_000;

    /// <summary>The event, or the one that stands already when nothing is different.</summary>
    /// <param name="standing">The newest version; none before the first.</param>
    /// <param name="institutionId">Whose programme it is.</param>
    /// <param name="programmeId">The institution's own id of it.</param>
    /// <param name="command">What shall stand; valid.</param>
    /// <param name="families">The families of which a version is published.</param>
    public static Decision<ProgrammePublished> Publish(
        ProgrammePublished? standing,
        string institutionId,
        string programmeId,
        PublishProgramme command,
        IReadOnlySet<string> families
    )
    {
        if (!families.Contains(command.RuleSetFamily))
        {
            return NoFamily(command.RuleSetFamily, families);
        }

        var next = new ProgrammePublished(
            institutionId,
            programmeId,
            (standing?.Version ?? 0) + 1,
            command.Title,
            command.Level,
            command.TotalCredits,
            command.RuleSetFamily,
            [
                .. command.Courses.Select(course => new ProgrammeCourse(
                    course.CourseCode,
                    course.Title,
                    course.Credits,
                    course.Category,
                    course.Compulsory
                )),
            ]
        );
        if (Bytes(next).Length > BytesMax)
        {
            return TooLarge;
        }

        return
            standing is not null
            && Bytes(standing).AsSpan().SequenceEqual(Bytes(next with { Version = standing.Version }))
            ? standing
            : next;
    }

    private static byte[] Bytes(ProgrammePublished published) =>
        JsonSerializer.SerializeToUtf8Bytes(published, LedgerJson.Options);

    private static Refusal NoFamily(string family, IReadOnlySet<string> families)
    {
        var known = string.Join(", ", families.Order(StringComparer.Ordinal));
        return new Refusal(
            "programme.ruleSetFamily",
            RefusalKind.Rule,
            new BilingualText(
                $"没有已发布的规则族 {family}；现有：{known}。",
                $"No version of the family {family} is published; there are: {known}."
            )
        );
    }

    private static readonly Refusal TooLarge = new(
        "programme.tooLarge",
        RefusalKind.Rule,
        new BilingualText(
            $"专业内容超过 {BytesMax} 字节，请缩短课程名称或减少课程。",
            $"The programme takes more than {BytesMax} bytes; shorten titles or name fewer courses."
        )
    );
}
