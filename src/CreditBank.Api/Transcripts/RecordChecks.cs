using System.Globalization;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Kernel.Identifiers;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;
using Period = CreditBank.Kernel.Period;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// What a record of the right shape may still get wrong: dates, amounts, the issuer's accreditation, identity
/// numbers where none may stand. The unit is the rule set's to judge. Pure.
/// </summary>
public static class RecordChecks
{
    /// <summary>The code for a size of nothing.</summary>
    public const string ZeroCredits = "record.zeroCredits";

    /// <summary>Everything that is wrong; empty when nothing is.</summary>
    /// <param name="record">The record.</param>
    /// <param name="history">What the issuer may issue, day by day; the day of completion decides.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static IReadOnlyList<FieldFinding> Of(RecordBody record, AccreditationHistory history, LocalDate today)
    {
        var accreditation = history.On(record.CompletedOn);
        List<FieldFinding>? findings = null;
        Add(ref findings, HidesIdentity(record.RecordId, today), "/recordId", "record.identityNumber", IdentityText);
        Add(
            ref findings,
            HidesIdentity(record.CourseCode, today),
            "/courseCode",
            "record.identityNumber",
            IdentityText
        );
        Add(ref findings, HidesIdentity(record.Title, today), "/title", "record.identityNumber", IdentityText);
        Add(ref findings, HidesIdentity(record.Subject, today), "/subject", "record.identityNumber", IdentityText);
        Add(ref findings, record.CompletedOn > today, "/completedOn", "record.future", FutureText);
        Add(ref findings, record.CompletedOn < BankCalendar.EarliestOn, "/completedOn", "record.tooOld", TooOldText);
        Add(ref findings, record.StartedOn < BankCalendar.EarliestOn, "/startedOn", "record.tooOld", TooOldText);
        Add(ref findings, record.Credits.IsZero && !MayBeZero(record), "/credits", ZeroCredits, ZeroText);
        Add(ref findings, !accreditation.Kinds.Contains(record.Kind), "/kind", "record.kindNotAccredited", KindText);
        Add(
            ref findings,
            !new Period(accreditation.FromOn, accreditation.ToOn).Contains(record.CompletedOn),
            "/completedOn",
            "record.notAccreditedThen",
            PeriodText
        );
        Add(ref findings, !MayIssueLevel(record, accreditation), "/level", "record.levelNotAccredited", LevelText);
        return findings ?? (IReadOnlyList<FieldFinding>)[];
    }

    private static bool MayBeZero(RecordBody record) =>
        record.Result == OutcomeResults.Failed || record.Kind == OutcomeKinds.Leisure;

    private static bool MayIssueLevel(RecordBody record, Accreditation accreditation) =>
        accreditation.Levels.Count == 0
        || record.Level is not { } level
        || !int.TryParse(level.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        || accreditation.Levels.Contains(number);

    private static bool HidesIdentity(string? text, LocalDate today) =>
        text is { Length: >= 15 } && IdentityNumberScan.LooksLikeIdentityNumber(text, today);

    private static void Add(
        ref List<FieldFinding>? findings,
        bool isWrong,
        string pointer,
        string code,
        BilingualText text
    )
    {
        if (isWrong)
        {
            (findings ??= []).Add(new FieldFinding(pointer, code, text));
        }
    }

    private static readonly BilingualText IdentityText = new(
        "疑似含有证件号码；账本不得记录个人信息。",
        "Looks like an identity number; the ledger keeps no personal data."
    );

    private static readonly BilingualText FutureText = new("日期晚于今天。", "The day has not come yet.");
    private static readonly BilingualText TooOldText = new("日期早于 1900 年。", "The day is before 1900.");
    private static readonly BilingualText ZeroText = new(
        "学分为 0 仅限不合格或休闲类。",
        "Zero credits are for failed results and leisure only."
    );
    private static readonly BilingualText KindText = new(
        "机构未获准颁发此类成果。",
        "The institution is not accredited for this kind."
    );
    private static readonly BilingualText PeriodText = new(
        "完成日不在机构的认可期内。",
        "The institution was not accredited on that day."
    );
    private static readonly BilingualText LevelText = new(
        "机构未获准颁发此级别。",
        "The institution is not accredited for this level."
    );
}
